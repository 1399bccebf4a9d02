// The simulated phone against the real server: what an app has to do, and nothing that an app could not.
#include "services/cli/phone/simulated_phone.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/access_store.h"
#include "services/access/token.h"
#include "services/cli/phone/door_visit.h"
#include "services/cli/phone/phone_file.h"
#include "tests/services/canvass/field.h"

namespace snowfield::cli {
namespace {
using tests::Field;

class SimulatedPhoneTest : public testing::Test {
 protected:
  Client Server() {
    Session session;
    session.address = field_.address();
    absl::StatusOr<Client> client = Client::OpenPublic(session);
    EXPECT_TRUE(client.ok()) << client.status();
    return *std::move(client);
  }

  SimulatedPhone EnrolOne() {
    const access::NewSecret code = access::NewEnrolmentCode(field_.campaign.campaign);
    auto transaction = field_.database.pool().Begin({.campaign = field_.campaign.campaign});
    EXPECT_TRUE(
        db::InsertEnrolmentCode(*transaction, code.hash, field_.canvasser, field_.clock.Now() + absl::Hours(1)).ok());
    EXPECT_TRUE(transaction->Commit().ok());
    absl::StatusOr<SimulatedPhone> phone = SimulatedPhone::Enrol(Server(), {.code = code.text, .label = "test"});
    EXPECT_TRUE(phone.ok()) << phone.status();
    return *std::move(phone);
  }

  Field field_;
};

TEST_F(SimulatedPhoneTest, WalksAListAndEverythingArrivesOnce) {
  SimulatedPhone phone = EnrolOne();
  const auto lists = phone.ListMine();
  ASSERT_TRUE(lists.ok()) << lists.status();
  ASSERT_EQ(lists->size(), 1u);
  const auto outcome = WalkList(phone, lists->at(0).list_number(),
                                {.seed = 3, .mistake_rate = 0.5, .send_every_knocks = 2, .resend_rate = 1});
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->doors_knocked, Field::kDoorsOfFirstTurf);
  EXPECT_GT(outcome->knocks, outcome->doors_knocked);
  EXPECT_EQ(outcome->accepted, outcome->knocks);
  EXPECT_EQ(outcome->duplicates, outcome->knocks);
  EXPECT_EQ(outcome->rejected, 0);
  EXPECT_EQ(outcome->conflicts, 0);
  EXPECT_TRUE(phone.memory().outbox.empty());
  EXPECT_EQ(field_.Count("select count(*) from knock"), outcome->knocks);
  EXPECT_EQ(field_.Count("select count(distinct running_number) from knock"), outcome->knocks);
  EXPECT_GE(outcome->changes, outcome->knocks);
}

TEST_F(SimulatedPhoneTest, LearnsWhatOthersFound) {
  SimulatedPhone phone = EnrolOne();
  ASSERT_TRUE(phone.CheckOut(field_.lists[0]).ok());
  ASSERT_TRUE(phone.Download(field_.lists[0]).ok());
  canvass::v1::Knock stop = field_.Knock(1);
  stop.set_result(canvass::v1::KNOCK_RESULT_DO_NOT_CONTACT);
  field_.Send({field_.Knock(0), stop});
  ASSERT_TRUE(phone.FetchChanges().ok());
  const auto list = phone.FindList(field_.lists[0]);
  ASSERT_TRUE(list.ok());
  EXPECT_EQ((*list)->doors(0).last_result(), canvass::v1::KNOCK_RESULT_NOT_HOME);
  EXPECT_TRUE((*list)->doors(1).do_not_contact());
  EXPECT_EQ((*list)->doors(1).people_size(), 0);
  EXPECT_FALSE((*list)->doors(2).do_not_contact());
}

TEST_F(SimulatedPhoneTest, KeepsItsOutboxWhereTheServerIsAway) {
  SimulatedPhone phone = EnrolOne();
  phone.Keep(field_.Knock(0));
  Session nowhere;
  nowhere.address = "127.0.0.1:1";
  SimulatedPhone offline(*Client::OpenPublic(nowhere), phone.memory());
  EXPECT_TRUE(absl::IsUnavailable(offline.Send().status()));
  EXPECT_EQ(offline.memory().outbox.size(), 1u);
  SimulatedPhone online(Server(), offline.memory());
  const auto sent = online.Send();
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->accepted, 1);
  EXPECT_TRUE(online.memory().outbox.empty());
}

TEST_F(SimulatedPhoneTest, GoesOnFromItsFileWhereItWas) {
  SimulatedPhone phone = EnrolOne();
  ASSERT_TRUE(phone.CheckOut(field_.lists[0]).ok());
  ASSERT_TRUE(phone.Download(field_.lists[0]).ok());
  const std::string id = phone.Keep(field_.Knock(0));
  const tests::TemporaryFolder folder;
  const std::string path = absl::StrCat(folder.path(), "/phone.json");
  ASSERT_TRUE(WritePhoneFile(path, phone.memory()).ok());
  struct stat status;
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto memory = ReadPhoneFile(path);
  ASSERT_TRUE(memory.ok()) << memory.status();
  EXPECT_EQ(memory->token, phone.memory().token);
  EXPECT_EQ(memory->running_number, 1);
  ASSERT_EQ(memory->outbox.size(), 1u);
  EXPECT_EQ(memory->outbox[0].SerializeAsString(), phone.memory().outbox[0].SerializeAsString());
  EXPECT_EQ(memory->outbox[0].knock_id(), id);
  ASSERT_EQ(memory->lists.size(), 1u);
  SimulatedPhone again(Server(), *memory);
  EXPECT_EQ(again.Send()->accepted, 1);
  EXPECT_EQ(phone.Send()->duplicates, 1);
}

TEST_F(SimulatedPhoneTest, SaysWhatIsWrongWithItsFile) {
  const tests::TemporaryFolder folder;
  const absl::Status status = ReadPhoneFile(absl::StrCat(folder.path(), "/none.json")).status();
  EXPECT_EQ(base::DetailOf(status).reason, "PHONE_FILE_UNREADABLE");
}

TEST_F(SimulatedPhoneTest, ErasesAListThatItReturns) {
  SimulatedPhone phone = EnrolOne();
  ASSERT_TRUE(phone.CheckOut(field_.lists[0]).ok());
  ASSERT_TRUE(phone.Download(field_.lists[0]).ok());
  ASSERT_TRUE(phone.Return(field_.lists[0]).ok());
  EXPECT_EQ(base::DetailOf(phone.FindList(field_.lists[0]).status()).reason, "NOT_DOWNLOADED");
}

TEST(DoorVisit, GivesTheSameForTheSameSeedAndAboutTheShareAskedFor) {
  canvass::v1::ListDoor door;
  door.set_door_id(1);
  door.mutable_position()->set_longitude(11.2);
  door.mutable_position()->set_latitude(49.5);
  Dice first(5), second(5);
  int opened = 0;
  for (int i = 0; i < 4000; ++i) {
    const DoorVisit visit = VisitDoor(door, 0.25, first);
    EXPECT_EQ(visit.knock.SerializeAsString(), VisitDoor(door, 0.25, second).knock.SerializeAsString());
    opened += visit.opened ? 1 : 0;
    EXPECT_NEAR(visit.knock.position().latitude(), 49.5, 0.0002);
    EXPECT_NE(visit.knock.result(), canvass::v1::KNOCK_RESULT_UNSPECIFIED);
  }
  // Four standard deviations around a quarter.
  EXPECT_NEAR(opened, 1000, 110);
}

}  // namespace
}  // namespace snowfield::cli
