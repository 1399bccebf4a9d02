// Erasure and export of a person: what goes, what stays, who is told, and that they stay out of the next import.
#include <nlohmann/json.hpp>

#include "base/status.h"
#include "services/territory/people.h"
#include "snowfield/canvass/v1/review.grpc.pb.h"
#include "tests/services/canvass/field.h"
#include "tests/services/territory/import_fixture.h"

namespace snowfield::territory {
namespace {
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ErasureOfImported : public ImportFixture {
 protected:
  static v1::PersonRow Ada(const std::string& id) {
    v1::PersonRow row = Voter(2, id, "12 MAIN ST");
    row.set_first_name("Ada");
    row.set_last_name("King");
    row.set_birth_year(1979);
    row.set_phone("555-0100");
    return row;
  }
  v1::Person Find(const std::string& id) {
    v1::ListPeopleRequest request;
    request.set_external_id(id);
    const auto found = ListPeople(database_.pool(), call_, request, {});
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() && found->people_size() == 1 ? found->people(0) : v1::Person();
  }
  v1::ErasePersonResponse Erase(int64_t person) {
    v1::ErasePersonRequest request;
    request.set_person_id(person);
    const auto response = ErasePerson(database_.pool(), call_, request, absl::Now());
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(v1::ErasePersonResponse());
  }
};

TEST_F(ErasureOfImported, LeavesARowWithoutAWord) {
  ASSERT_TRUE(ImportAddresses({House(2, "12", "Main St")}).status.ok());
  ASSERT_TRUE(ImportPeople({Ada("v1"), Voter(3, "v2", "12 MAIN ST")}).status.ok());
  const v1::Person ada = Find("v1");
  EXPECT_EQ(ada.last_name(), "King");
  EXPECT_FALSE(Erase(ada.person_id()).erased_before());
  EXPECT_TRUE(Erase(ada.person_id()).erased_before());
  EXPECT_EQ(Find("v1").person_id(), 0);
  EXPECT_THAT(Look("select concat(external_id, first_name, last_name, address_line, street_key, phone, birth_year, "
                   "door_id, match_reason), do_not_contact::text from person where erase_time is not null"),
              ElementsAre("|true"));
  EXPECT_THAT(Look("select count(*)::text from person where row_key like '%v1%'"), ElementsAre("0"));
  EXPECT_THAT(Look("select action || ' ' || subject_kind from audit_log where action = 'person.erase'"),
              ElementsAre("person.erase person"));
}

TEST_F(ErasureOfImported, IsNotUndoneByTheNextFile) {
  ASSERT_TRUE(ImportAddresses({House(2, "12", "Main St")}).status.ok());
  ASSERT_TRUE(ImportPeople({Ada("v1"), Voter(3, "v2", "12 MAIN ST")}).status.ok());
  Erase(Find("v1").person_id());
  const Outcome again = ImportPeople({Ada("v1"), Voter(3, "v2", "12 MAIN ST")});
  ASSERT_TRUE(again.status.ok()) << again.status;
  EXPECT_THAT(again.IssueLines(), ElementsAre("2 PERSON_ERASED rejected"));
  EXPECT_EQ(again.summary.inserted(), 0);
  EXPECT_EQ(again.summary.rejected(), 1);
  EXPECT_EQ(again.summary.unchanged(), 1);
  // Another vendor's file has another id: known by name, year of birth and address.
  const Outcome other = ImportPeople({Ada("x-77")}, "another-vendor");
  ASSERT_TRUE(other.status.ok()) << other.status;
  EXPECT_THAT(other.IssueLines(), ElementsAre("2 PERSON_ERASED rejected"));
  // A namesake of another year is someone else.
  v1::PersonRow namesake = Ada("x-78");
  namesake.set_birth_year(2001);
  EXPECT_EQ(ImportPeople({namesake}, "another-vendor").summary.inserted(), 1);
}

TEST_F(ErasureOfImported, IsUndoneByAFileThatSaysSo) {
  ASSERT_TRUE(ImportPeople({Ada("v1")}).status.ok());
  Erase(Find("v1").person_id());
  v1::ImportHeader header = Header(v1::IMPORT_KIND_PEOPLE, "voters");
  header.set_bring_back_erased(true);
  v1::ImportRowsRequest batch;
  *batch.add_people() = Ada("v1");
  const Outcome back = Import(header, {batch});
  ASSERT_TRUE(back.status.ok()) << back.status;
  EXPECT_THAT(back.IssueLines(), ElementsAre("2 STREET_UNKNOWN taken"));
  EXPECT_EQ(Find("v1").last_name(), "King");
  EXPECT_EQ(ImportPeople({Ada("v1")}).summary.unchanged(), 1) << "and stays";
}

TEST_F(ErasureOfImported, TakesOneWhoIsThere) {
  v1::ErasePersonRequest request;
  request.set_person_id(999'999);
  EXPECT_TRUE(absl::IsNotFound(ErasePerson(database_.pool(), call_, request, absl::Now()).status()));
  v1::ListPeopleRequest nobody;
  EXPECT_EQ(base::DetailOf(ListPeople(database_.pool(), call_, nobody, {}).status()).reason, "PERSON_UNCLEAR");
}

// People who were knocked at.
class ErasureInTheField : public ::testing::Test {
 protected:
  ErasureInTheField() {
    call_.caller = {.campaign = field_.campaign.campaign, .member = field_.campaign.owner};
    field_.CheckOut(field_.phone);
  }
  canvass::v1::Knock Talk(int door, int64_t person, const std::string& note) {
    canvass::v1::Knock knock = field_.AskKnock(door, canvass::v1::ASK_KIND_VOLUNTEER, canvass::v1::ASK_ANSWER_YES);
    knock.mutable_asks(0)->set_person_id(person);
    knock.set_note(note);
    canvass::v1::KnockResponse* support = knock.add_responses();
    support->set_person_id(person);
    support->set_question("support");
    support->set_answer("1");
    canvass::v1::KnockResponse* words = knock.add_responses();
    words->set_person_id(person);
    words->set_question("issues");
    words->set_answer("the bus to my mother's");
    return knock;
  }
  void Erase(int64_t person) {
    v1::ErasePersonRequest request;
    request.set_person_id(person);
    const auto response = ErasePerson(field_.database.pool(), call_, request, field_.clock.Now());
    ASSERT_TRUE(response.ok()) << response.status();
  }

  tests::Field field_;
  access::Call call_;
};

TEST_F(ErasureInTheField, TakesTheWordsAndLeavesTheTallies) {
  const canvass::v1::Knock erased = Talk(0, field_.people[0], "her dog is called Bo");
  const canvass::v1::Knock other = Talk(0, field_.people[1], "the brother");
  canvass::v1::Knock nobody = field_.Knock(0);
  nobody.set_note("gate sticks");
  canvass::v1::Knock elsewhere = field_.Knock(1);
  elsewhere.set_note("next door");
  field_.Send({erased, other, nobody, elsewhere});
  canvass::v1::Knock conflict = erased;
  conflict.set_note("her cat");
  field_.Send({conflict});
  const int64_t follow_ups = field_.Count("select count(*) from follow_up where state = 'open'");
  Erase(field_.people[0]);
  EXPECT_EQ(field_.Count("select count(*) from knock where note like '%dog%' or note like '%gate%'"), 0);
  EXPECT_EQ(field_.Count("select count(*) from knock where note in ('the brother', 'next door')"), 2);
  EXPECT_EQ(field_.Count("select count(*) from knock_conflict where length(content) > 0"), 0);
  EXPECT_EQ(field_.Count("select count(*) from knock_response where answer like '%mother%'"), 1) << "the brother's";
  EXPECT_EQ(field_.Count("select count(*) from knock_response where question = 'support' and answer = '1'"), 2);
  EXPECT_EQ(field_.Count("select count(*) from knock_ask where answer = 1"), 2);
  EXPECT_EQ(field_.Count("select count(*) from knock"), 4);
  EXPECT_EQ(field_.Count("select count(*) from follow_up where state = 'open'"), follow_ups - 1);
  // Sent again, it is still known for the same knock.
  EXPECT_EQ(field_.Send({erased})[0].outcome(), canvass::v1::KNOCK_OUTCOME_DUPLICATE);
}

TEST_F(ErasureInTheField, IsToldToThePhonesThatHaveThePerson) {
  field_.CheckOut(field_.other_phone, 2);
  Erase(field_.people[2]);  // behind door 1
  canvass::v1::ListChangesResponse changes;
  ASSERT_TRUE(field_.canvass().ListChanges(field_.As(field_.phone).get(), {}, &changes).ok());
  ASSERT_EQ(changes.changes_size(), 1);
  EXPECT_EQ(changes.changes(0).kind(), canvass::v1::CHANGE_KIND_DO_NOT_CONTACT);
  EXPECT_EQ(changes.changes(0).door_id(), field_.doors[1]);
  EXPECT_THAT(changes.changes(0).person_ids(), ElementsAre(field_.people[2]));
  canvass::v1::ListChangesResponse others;
  ASSERT_TRUE(field_.canvass().ListChanges(field_.As(field_.other_phone).get(), {}, &others).ok());
  EXPECT_THAT(others.changes(), IsEmpty());
  canvass::v1::DownloadWalkListRequest request;
  request.set_list_number(field_.lists[0]);
  canvass::v1::DownloadWalkListResponse list;
  ASSERT_TRUE(field_.canvass().DownloadWalkList(field_.As(field_.phone).get(), request, &list).ok());
  EXPECT_EQ(list.doors(1).people_size(), 1);
  EXPECT_FALSE(list.doors(1).do_not_contact()) << "the others behind the door are still visited";
}

TEST_F(ErasureInTheField, ExportSaysEverythingThatIsHeld) {
  field_.Send({Talk(0, field_.people[0], "her dog is called Bo"), Talk(0, field_.people[1], "the brother")});
  v1::ExportPersonRequest request;
  request.set_person_id(field_.people[0]);
  const auto response = ExportPerson(field_.database.pool(), call_, request);
  ASSERT_TRUE(response.ok()) << response.status();
  const auto json = nlohmann::json::parse(response->json());
  EXPECT_EQ(json["person"]["last_name"], "Last0");
  EXPECT_EQ(json["person"]["phone"], "555-0100");
  EXPECT_EQ(json["household"]["street"], "Elm Street");
  ASSERT_EQ(json["knocks"].size(), 1u);
  EXPECT_EQ(json["knocks"][0]["note"], "her dog is called Bo");
  EXPECT_EQ(json["responses"].size(), 2u);
  EXPECT_EQ(json["asks"].size(), 1u);
  EXPECT_EQ(json["follow_ups"].size(), 1u);
  EXPECT_EQ(response->json().find("brother"), std::string::npos) << "nothing of others";
  const auto again = ExportPerson(field_.database.pool(), call_, request);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(nlohmann::json::parse(again->json())["audit"][0]["action"], "person.export");
}

TEST_F(ErasureInTheField, TakesWhatThePhoneSentOfSomeoneWhoWasFound) {
  canvass::v1::SendAdditionsRequest sent;
  canvass::v1::Addition& addition = *sent.add_additions() = field_.FoundPeople(0);
  addition.mutable_people(0)->set_phone("555-0199");
  addition.set_note("Noor is in after six");
  canvass::v1::SendAdditionsResponse answers;
  ASSERT_TRUE(field_.canvass().SendAdditions(field_.As(field_.phone).get(), sent, &answers).ok());
  canvass::v1::JudgeAdditionRequest accept;
  accept.set_addition_id(addition.addition_id());
  accept.set_verdict(canvass::v1::VERDICT_ACCEPTED);
  canvass::v1::JudgeAdditionResponse accepted;
  const auto review = canvass::v1::ReviewService::NewStub(field_.channel());
  ASSERT_TRUE(review->JudgeAddition(field_.As(field_.leader_token).get(), accept, &accepted).ok());
  ASSERT_EQ(accepted.person_ids_size(), 1);

  v1::ExportPersonRequest request;
  request.set_person_id(accepted.person_ids(0));
  const auto response = ExportPerson(field_.database.pool(), call_, request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(nlohmann::json::parse(response->json())["found"][0]["phone"], "555-0199");
  Erase(accepted.person_ids(0));
  EXPECT_EQ(
      field_.Count("select count(*) from addition_person where concat(first_name, last_name, phone, email) <> ''"), 0);
  EXPECT_EQ(field_.Count("select count(*) from addition where note <> ''"), 0);
}

TEST_F(ErasureInTheField, WordsAreErasedInTheOwnCampaignOnly) {
  field_.Send({Talk(0, field_.people[0], "her dog")});
  const base::CampaignId other = field_.database.CreateCampaign("Other");
  const db::Query erase = {"erasure_test.words", "select erase_words($1, $2)"};
  auto transaction = field_.database.pool().Begin({.campaign = other});
  ASSERT_TRUE(transaction.ok());
  const auto done = transaction->Run(erase, db::Params().Int64(field_.people[0]).Int64(field_.doors[0]));
  ASSERT_TRUE(done.ok()) << done.status();
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_EQ(field_.Count("select count(*) from knock where note = 'her dog'"), 1);
}

}  // namespace
}  // namespace snowfield::territory
