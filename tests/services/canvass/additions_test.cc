// Doors and people found in the field, and what becomes of them.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/rpc/timestamp.h"
#include "snowfield/canvass/v1/review.grpc.pb.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace canvass::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language

class Additions : public testing::Test {
 protected:
  Additions() : stub_(ReviewService::NewStub(field_.channel())) { field_.CheckOut(field_.phone); }

  std::vector<AdditionAnswer> Send(const std::vector<Addition>& additions, const std::string& token = "") {
    SendAdditionsRequest request;
    for (const Addition& addition : additions) *request.add_additions() = addition;
    SendAdditionsResponse response;
    const grpc::Status status =
        field_.canvass().SendAdditions(field_.As(token.empty() ? field_.phone : token).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.answers_size(), static_cast<int>(additions.size()));
    return {response.answers().begin(), response.answers().end()};
  }
  KnockOutcome Outcome(const Addition& addition) { return Send({addition})[0].outcome(); }

  ListAdditionsResponse List(bool judged_too = false, const std::string& token = "", int page_size = 0,
                             const std::string& page_token = "") {
    ListAdditionsRequest request;
    request.set_judged_too(judged_too);
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    ListAdditionsResponse response;
    const grpc::Status status =
        stub_->ListAdditions(field_.As(token.empty() ? field_.leader_token : token).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  grpc::Status Judge(const Addition& addition, Verdict verdict, JudgeAdditionResponse* response = nullptr,
                     const std::string& token = "", const std::string& reason = "seen from the street") {
    JudgeAdditionRequest request;
    request.set_addition_id(addition.addition_id());
    request.set_verdict(verdict);
    request.set_reason(reason);
    JudgeAdditionResponse ignored;
    return stub_->JudgeAddition(field_.As(token.empty() ? field_.leader_token : token).get(), request,
                                response == nullptr ? &ignored : response);
  }
  JudgeAdditionResponse Accept(const Addition& addition) {
    JudgeAdditionResponse response;
    const grpc::Status status = Judge(addition, VERDICT_ACCEPTED, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  DownloadWalkListResponse Download() {
    DownloadWalkListRequest request;
    request.set_list_number(field_.lists[0]);
    DownloadWalkListResponse response;
    const grpc::Status status = field_.canvass().DownloadWalkList(field_.As(field_.phone).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  ListChangesResponse Changes(const std::string& token) {
    ListChangesRequest request;
    request.set_change_token(token);
    ListChangesResponse response;
    EXPECT_TRUE(field_.canvass().ListChanges(field_.As(field_.phone).get(), request, &response).ok());
    return response;
  }

  Field field_;
  std::unique_ptr<ReviewService::Stub> stub_;
};

TEST_F(Additions, AreStoredOnceHoweverOftenTheyAreSent) {
  const Addition person = field_.FoundPeople(0), door = field_.FoundDoor(1);
  for (const AdditionAnswer& answer : Send({person, door, person})) {
    EXPECT_NE(answer.outcome(), KNOCK_OUTCOME_REJECTED) << answer.message();
  }
  const std::vector<AdditionAnswer> again = Send({person, door});
  EXPECT_EQ(again[0].outcome(), KNOCK_OUTCOME_DUPLICATE);
  EXPECT_EQ(again[1].outcome(), KNOCK_OUTCOME_DUPLICATE);
  Addition other = person;
  other.mutable_people(0)->set_first_name("Nora");
  EXPECT_EQ(Outcome(other), KNOCK_OUTCOME_CONFLICT);
  EXPECT_EQ(field_.Count("select count(*) from addition"), 2);
  EXPECT_EQ(field_.Count("select count(*) from addition_person where first_name = 'Noor'"), 2) << "the first stays";
  EXPECT_EQ(field_.Count("select count(*) from change"), 0) << "nobody has accepted anything";
}

TEST_F(Additions, OfSeveralSendersAtTheSameMomentOneIsStored) {
  const Addition addition = field_.FoundDoor(2);
  std::atomic<int> accepted = 0;
  std::vector<std::thread> senders;
  for (int i = 0; i < 8; ++i) {
    senders.emplace_back([&] {
      const KnockOutcome outcome = Outcome(addition);
      if (outcome == KNOCK_OUTCOME_ACCEPTED) ++accepted;
      EXPECT_TRUE(outcome == KNOCK_OUTCOME_ACCEPTED || outcome == KNOCK_OUTCOME_DUPLICATE);
    });
  }
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(field_.Count("select count(*) from addition"), 1);
}

TEST_F(Additions, ABadOneIsRefusedWithItsFieldAndCostsNoOther) {
  struct Case {
    const char* reason;
    const char* field;
    std::function<void(Addition&)> spoil;
  };
  const std::vector<Case> cases = {
      {"ADDITION_ID_INVALID", "addition_id", [](Addition& a) { a.set_addition_id("7"); }},
      {"PHONE_TIME_MISSING", "phone_time", [](Addition& a) { a.clear_phone_time(); }},
      {"DOOR_MISSING", "door_id", [](Addition& a) { a.clear_where(); }},
      {"DOOR_NOT_ON_LIST", "door_id", [this](Addition& a) { a.set_door_id(field_.doors[8]); }},
      {"PERSON_MISSING", "people",
       [](Addition& a) {
         a.set_door_id(1);
         a.clear_people();
       }},
      {"NAME_MISSING", "people[0].first_name",
       [](Addition& a) {
         a.mutable_people(0)->set_first_name(" ");
         a.mutable_people(0)->clear_last_name();
       }},
      {"TOO_LONG", "people[0].phone", [](Addition& a) { a.mutable_people(0)->set_phone(std::string(51, '5')); }},
      {"TEXT_INVALID", "note", [](Addition& a) { a.set_note(std::string("a\0b", 3)); }},
      {"TOO_MANY", "people",
       [](Addition& a) {
         for (int i = 0; i < 16; ++i) *a.add_people() = a.people(0);
       }},
      {"HOUSE_NUMBER_MISSING", "found_door.house_number",
       [](Addition& a) { a.mutable_found_door()->set_house_number(" "); }},
      {"STREET_MISSING", "found_door.street", [](Addition& a) { a.mutable_found_door()->set_street(" "); }},
      {"POSITION_INVALID", "found_door.position",
       [](Addition& a) { a.mutable_found_door()->mutable_position()->set_latitude(95); }},
      {"LIST_NUMBER_MISTYPED", "list_number", [](Addition& a) { a.set_list_number("12345678"); }},
      {"LIST_UNKNOWN", "list_number", [this](Addition& a) { a.set_list_number(field_.lists[1]); }},
  };
  for (const Case& bad : cases) {
    Addition spoilt = field_.FoundDoor(3);
    bad.spoil(spoilt);
    const std::vector<AdditionAnswer> answers = Send({field_.FoundPeople(0), spoilt});
    EXPECT_EQ(answers[0].outcome(), KNOCK_OUTCOME_ACCEPTED);
    EXPECT_EQ(answers[1].outcome(), KNOCK_OUTCOME_REJECTED);
    EXPECT_EQ(answers[1].reason(), bad.reason);
    EXPECT_EQ(answers[1].field(), bad.field) << bad.reason;
    EXPECT_FALSE(answers[1].message().empty());
  }
  SendAdditionsRequest request;
  SendAdditionsResponse response;
  EXPECT_EQ(ReasonOf(field_.canvass().SendAdditions(field_.As(field_.phone).get(), request, &response)), "BATCH_EMPTY");
  for (int i = 0; i < 101; ++i) *request.add_additions() = field_.FoundPeople(0);
  EXPECT_EQ(ReasonOf(field_.canvass().SendAdditions(field_.As(field_.phone).get(), request, &response)),
            "BATCH_TOO_LARGE");
}

TEST_F(Additions, LateOnesAreWelcome) {
  field_.Execute("update walk_list set revoke_time = now()");
  EXPECT_EQ(Outcome(field_.FoundPeople(0)), KNOCK_OUTCOME_ACCEPTED);
  EXPECT_EQ(Outcome(field_.FoundDoor(0)), KNOCK_OUTCOME_ACCEPTED);
}

TEST_F(Additions, APersonIsOnTheListOnceAccepted) {
  const Addition addition = field_.FoundPeople(0);
  const DownloadWalkListResponse before = Download();
  EXPECT_EQ(Outcome(addition), KNOCK_OUTCOME_ACCEPTED);
  EXPECT_EQ(Download().version(), before.version()) << "nothing is shown before a person has looked";

  const JudgeAdditionResponse accepted = Accept(addition);
  EXPECT_EQ(accepted.door_id(), field_.doors[0]);
  ASSERT_EQ(accepted.person_ids_size(), 1);
  const ListChangesResponse changes = Changes(before.change_token());
  ASSERT_EQ(changes.changes_size(), 1);
  EXPECT_EQ(changes.changes(0).kind(), CHANGE_KIND_LIST_CHANGED);
  EXPECT_EQ(changes.changes(0).list_number(), field_.lists[0]);
  const DownloadWalkListResponse after = Download();
  EXPECT_NE(after.version(), before.version());
  ASSERT_EQ(after.doors(0).people_size(), 3);

  Knock knock = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
  knock.mutable_asks(0)->set_person_id(accepted.person_ids(0));
  EXPECT_EQ(field_.Send({knock})[0].outcome(), KNOCK_OUTCOME_ACCEPTED) << "and can be met";

  const JudgeAdditionResponse again = Accept(addition);
  EXPECT_EQ(again.person_ids(0), accepted.person_ids(0));
  EXPECT_EQ(field_.Count("select count(*) from person where addition_id is not null"), 1);
  EXPECT_EQ(field_.Count("select count(*) from change where kind = 'list_changed'"), 1);
  EXPECT_EQ(field_.Count("select count(*) from audit_log where action = 'addition.accept'"), 1);
}

TEST_F(Additions, OfAHouseholdThatWantsNoContactAreNotMet) {
  const Addition addition = field_.FoundPeople(0);
  Send({addition});
  Knock stop = field_.Knock(0);
  stop.set_result(KNOCK_RESULT_DO_NOT_CONTACT);
  field_.Send({stop});
  Accept(addition);
  EXPECT_EQ(field_.Count("select count(*) from person where addition_id is not null and do_not_contact"), 1);
  const DownloadWalkListResponse list = Download();
  EXPECT_TRUE(list.doors(0).do_not_contact());
  EXPECT_EQ(list.doors(0).people_size(), 0);
}

TEST_F(Additions, AFoundDoorIsOnTheMapAndOfTheCutOnceAccepted) {
  const Addition addition = field_.FoundDoor(2);
  Send({addition});
  const ListAdditionsResponse pending = List();
  ASSERT_EQ(pending.additions_size(), 1);
  EXPECT_TRUE(pending.additions(0).is_new_door());
  EXPECT_NEAR(pending.additions(0).distance_m(), 22, 1) << "from the nearest door of its list";
  EXPECT_EQ(pending.additions(0).door().house_number(), "505");
  EXPECT_EQ(pending.additions(0).people(0).person().first_name(), "Noor");

  const JudgeAdditionResponse accepted = Accept(addition);
  EXPECT_GT(accepted.door_id(), 0);
  EXPECT_EQ(accepted.turf_number(), 1);
  EXPECT_EQ(accepted.cut_id(), field_.cut_id);
  EXPECT_EQ(accepted.set_aside_reason(), "CUT_NOT_DONE") << "this field has no board: it is set aside, and said";
  EXPECT_EQ(field_.Count("select count(*) from address_point where dataset = 'field' and city = 'Hollow'"), 1);
  EXPECT_EQ(field_.Count("select count(*) from turf_door where aside_reason = 'found in the field'"), 1);
  EXPECT_EQ(field_.Count("select count(*) from person p join door d using (campaign_id, door_id) "
                         "where addition_id is not null and address_line = '505 Elm Street'"),
            1);
  EXPECT_EQ(Accept(addition).door_id(), accepted.door_id());
  EXPECT_EQ(field_.Count("select count(*) from turf_door where turf_id is null"), 1);
}

TEST_F(Additions, ADoorThatTheMapHasIsNotMadeTwice) {
  Addition flat = field_.FoundDoor(0), same = field_.FoundDoor(0), upstairs = field_.FoundDoor(0);
  for (Addition* addition : {&flat, &same, &upstairs}) addition->mutable_found_door()->set_house_number("100");
  flat.mutable_found_door()->set_unit("Apt 2");
  same.mutable_found_door()->set_unit("# 2");
  Send({flat, same, upstairs});
  EXPECT_EQ(Accept(flat).turf_number(), 1);
  EXPECT_EQ(field_.Count("select count(*) from address_point where dataset = 'field'"), 0)
      << "it is a flat of a known one";
  EXPECT_EQ(ReasonOf(Judge(same, VERDICT_ACCEPTED)), "DOOR_EXISTS");
  EXPECT_EQ(ReasonOf(Judge(upstairs, VERDICT_ACCEPTED)), "DOOR_EXISTS");
  EXPECT_TRUE(Judge(same, VERDICT_DECLINED).ok()) << "what can't be accepted can be declined";
}

TEST_F(Additions, OfSeveralWhoAcceptAtTheSameMomentOneMakesTheDoor) {
  const Addition addition = field_.FoundDoor(1);
  Send({addition});
  std::vector<std::thread> judges;
  for (int i = 0; i < 6; ++i) {
    judges.emplace_back([&] {
      const grpc::Status status = Judge(addition, VERDICT_ACCEPTED);
      EXPECT_TRUE(status.ok()) << status.error_message();
    });
  }
  for (std::thread& judge : judges) judge.join();
  EXPECT_EQ(field_.Count("select count(*) from address_point where dataset = 'field'"), 1);
  EXPECT_EQ(field_.Count("select count(*) from addition_judgement"), 1);
  EXPECT_EQ(field_.Count("select count(*) from turf_edit where kind = 'add'"), 1);
}

TEST_F(Additions, AreJudgedOnceByThoseAboveWithAReasonToDecline) {
  const Addition addition = field_.FoundPeople(0);
  Send({addition});
  EXPECT_EQ(ReasonOf(Judge(addition, VERDICT_DECLINED, nullptr, field_.other_leader_token)), "NOT_YOUR_BRANCH");
  EXPECT_EQ(List(true, field_.other_leader_token).additions_size(), 0);
  EXPECT_EQ(ReasonOf(Judge(addition, VERDICT_VOIDED)), "VERDICT_MISSING");
  EXPECT_EQ(ReasonOf(Judge(addition, VERDICT_DECLINED, nullptr, "", "")), "REASON_MISSING");
  EXPECT_EQ(Judge(field_.FoundPeople(0), VERDICT_ACCEPTED).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(Judge(addition, VERDICT_DECLINED).ok());
  EXPECT_TRUE(Judge(addition, VERDICT_DECLINED).ok()) << "said again";
  EXPECT_EQ(ReasonOf(Judge(addition, VERDICT_ACCEPTED)), "ALREADY_JUDGED");
  EXPECT_EQ(List().additions_size(), 0);
  const ListAdditionsResponse all = List(true);
  ASSERT_EQ(all.additions_size(), 1) << "it stays on record";
  EXPECT_EQ(all.additions(0).verdict(), VERDICT_DECLINED);
  EXPECT_EQ(all.additions(0).reason(), "seen from the street");
  EXPECT_EQ(all.additions(0).judge_id(), field_.leader.value);
  EXPECT_EQ(field_.Count("select count(*) from person where addition_id is not null"), 0);
}

TEST_F(Additions, NobodyAcceptsWhatTheyFoundThemselves) {
  const std::string own = field_.MakePhone(field_.leader);
  const Addition addition = field_.FoundPeople(0);
  Send({addition}, own);
  EXPECT_EQ(ReasonOf(Judge(addition, VERDICT_ACCEPTED)), "OWN_ADDITION");
  EXPECT_TRUE(Judge(addition, VERDICT_ACCEPTED, nullptr, field_.campaign.owner_token).ok());
}

TEST_F(Additions, SaysWhereTheCampaignKnowsSomeoneOfThatName) {
  Addition addition = field_.FoundPeople(0);
  addition.mutable_people(0)->set_first_name("FIRST1");
  addition.mutable_people(0)->set_last_name("last0");
  Send({addition});
  EXPECT_EQ(List().additions(0).people(0).known_person_id(), field_.people[1]);
}

TEST_F(Additions, AreListedInPagesInTheOrderInWhichTheyCame) {
  std::vector<std::string> sent, seen;
  for (int i = 0; i < 5; ++i) {
    const Addition addition = field_.FoundPeople(i);
    Send({addition});
    sent.push_back(addition.addition_id());
  }
  std::string page_token;
  do {
    const ListAdditionsResponse page = List(false, "", 2, page_token);
    EXPECT_LE(page.additions_size(), 2);
    for (const ReviewedAddition& addition : page.additions()) seen.push_back(addition.addition_id());
    page_token = page.next_page_token();
  } while (!page_token.empty());
  EXPECT_EQ(seen, sent);
}

}  // namespace
}  // namespace snowfield::tests
