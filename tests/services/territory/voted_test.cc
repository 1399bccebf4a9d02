// Who has voted is met no more: not on lists, also those that are out, and not in new cuts.
#include "services/territory/voted.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/territory_store.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using testing::ElementsAre;
using testing::IsEmpty;

class VotedTest : public testing::Test {
 protected:
  VotedTest() {
    for (size_t i = 0; i < field_.people.size(); ++i) {
      field_.Execute(absl::StrCat("update person set external_id = 'V", i, "' where person_id = ", field_.people[i]));
    }
    field_.CheckOut(field_.phone);
  }

  // The reason of what is wrong, empty where nothing is.
  std::string Mark(const std::vector<std::pair<std::string, std::string>>& people) {
    territory::v1::MarkVotedRequest request;
    for (const auto& [id, day] : people) {
      territory::v1::VotedPerson& person = *request.add_people();
      person.set_external_id(id);
      person.set_day(day);
    }
    access::Call call;
    call.caller.campaign = field_.campaign.campaign;
    call.caller.member = field_.campaign.owner;
    auto marked = territory::MarkVoted(field_.database.pool(), call, request, field_.clock.Now());
    if (!marked.ok()) return base::DetailOf(marked.status()).reason;
    marked_ = *std::move(marked);
    return "";
  }
  canvass::v1::DownloadWalkListResponse Download() {
    canvass::v1::DownloadWalkListRequest request;
    request.set_list_number(field_.lists[0]);
    canvass::v1::DownloadWalkListResponse list;
    const grpc::Status status = field_.canvass().DownloadWalkList(field_.As(field_.phone).get(), request, &list);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return list;
  }
  int64_t Changes() { return field_.Count("select count(*) from change where kind = 'list_changed'"); }
  int DoorsToCut() {
    int doors = 0;
    db::Transaction transaction = *field_.database.pool().Begin({.campaign = field_.campaign.campaign});
    const absl::Status status = db::ReadDoors(transaction, {}, [&](const db::DoorRow&) {
      ++doors;
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return doors;
  }

  Field field_;
  territory::v1::MarkVotedResponse marked_;
};

TEST_F(VotedTest, TheyLeaveTheListsThatAreOutAndTheDoorIsPassedByWhereAllHave) {
  const std::string version = Download().version();
  ASSERT_EQ(Mark({{"V0", "2026-11-03"}, {"nobody", "2026-11-03"}}), "");
  EXPECT_EQ(marked_.marked(), 1);
  EXPECT_THAT(marked_.unknown(), ElementsAre(1));
  EXPECT_EQ(Changes(), 1) << "the phone that has the list out is told";
  canvass::v1::DownloadWalkListResponse list = Download();
  EXPECT_NE(list.version(), version);
  ASSERT_EQ(list.doors(0).people_size(), 1);
  EXPECT_EQ(list.doors(0).people(0).person_id(), field_.people[1]);
  EXPECT_FALSE(list.doors(0).all_voted());
  EXPECT_EQ(DoorsToCut(), Field::kDoors);

  ASSERT_EQ(Mark({{"V1", "2026-11-03"}}), "");
  list = Download();
  EXPECT_TRUE(list.doors(0).all_voted());
  EXPECT_THAT(list.doors(0).people(), IsEmpty());
  EXPECT_FALSE(list.doors(1).all_voted());
  EXPECT_EQ(DoorsToCut(), Field::kDoors - 1);
  EXPECT_EQ(field_.Count("select count(*) from visit_fact where voted"), 2);
  EXPECT_EQ(field_.Count("select count(*) from audit_log where action = 'person.voted'"), 2);
}

TEST_F(VotedTest, TheSameFileAgainChangesNothingAndWhoHasNotAfterAllComesBack) {
  ASSERT_EQ(Mark({{"V0", "2026-11-03"}, {"V1", "2026-11-03"}}), "");
  const int64_t changes = Changes();
  ASSERT_EQ(Mark({{"V0", "2026-11-03"}, {"V1", "2026-11-03"}}), "");
  EXPECT_EQ(marked_.marked(), 0);
  EXPECT_EQ(marked_.unchanged(), 2);
  EXPECT_EQ(Changes(), changes);
  ASSERT_EQ(Mark({{"V0", ""}}), "");
  EXPECT_EQ(Download().doors(0).people_size(), 1);
  EXPECT_FALSE(Download().doors(0).all_voted());
}

TEST_F(VotedTest, NobodyCallsThemAboutAPlanToVote) {
  field_.Send({field_.AskKnock(0, canvass::v1::ASK_KIND_VOTE_PLAN, canvass::v1::ASK_ANSWER_NO),
               field_.AskKnock(1, canvass::v1::ASK_KIND_VOLUNTEER, canvass::v1::ASK_ANSWER_YES)});
  ASSERT_EQ(field_.Count("select count(*) from follow_up where state = 'open'"), 2);
  ASSERT_EQ(Mark({{"V0", "2026-11-03"}, {"V2", "2026-11-03"}}), "");
  EXPECT_EQ(field_.Count("select count(*) from follow_up where state = 'dropped' and drop_reason = 'PERSON_VOTED'"), 1);
  EXPECT_EQ(field_.Count("select count(*) from follow_up where state = 'open' and queue = 'volunteer'"), 1)
      << "who has voted can help all the same";
}

TEST_F(VotedTest, PhonesWithoutTheDoorAreNotTold) {
  ASSERT_EQ(Mark({{absl::StrCat("V", field_.people.size() - 1), "2026-11-03"}}), "");
  EXPECT_EQ(marked_.marked(), 1);
  EXPECT_EQ(Changes(), 0) << "nobody has list 2 out";
}

TEST_F(VotedTest, WhatIsSentWrongIsSaid) {
  EXPECT_EQ(Mark({}), "BATCH_TOO_LARGE");
  EXPECT_EQ(Mark({{"", "2026-11-03"}}), "EXTERNAL_ID_MISSING");
  EXPECT_EQ(Mark({{"V0", "2026-11-03"}, {"V0", "2026-11-04"}}), "EXTERNAL_ID_MISSING");
  EXPECT_EQ(Mark({{"V0", "3 November"}}), "DAY_INVALID");
  EXPECT_EQ(Mark(std::vector<std::pair<std::string, std::string>>(territory::kVotedMax + 1, {"V0", ""})),
            "BATCH_TOO_LARGE");
}

}  // namespace
}  // namespace snowfield::tests
