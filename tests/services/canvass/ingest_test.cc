#include "services/canvass/ingest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/list_number.h"
#include "base/uuid.h"
#include "services/rpc/timestamp.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace canvass::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language

class Ingest : public testing::Test {
 protected:
  Ingest() { field_.CheckOut(field_.phone); }

  int64_t Knocks() { return field_.Count("select count(*) from knock"); }
  int64_t FollowUps(const std::string& where = "true") {
    return field_.Count("select count(*) from follow_up where " + where);
  }
  KnockAnswer SendOne(const Knock& knock) { return field_.Send({knock})[0]; }

  Field field_;
};

TEST_F(Ingest, StoresWhatThePhoneSaid) {
  Knock knock = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
  knock.set_note("two dogs");
  KnockResponse& response = *knock.add_responses();
  response.set_question("support");
  response.set_answer("2");
  const KnockAnswer answer = SendOne(knock);
  EXPECT_EQ(answer.outcome(), KNOCK_OUTCOME_ACCEPTED) << answer.message();
  EXPECT_EQ(answer.knock_id(), knock.knock_id());
  EXPECT_TRUE(answer.flags().empty());
  EXPECT_EQ(
      field_.Count("select count(*) from knock where note = 'two dogs' and boot_id = 'boot' and monotonic_ms = 1000 "
                   "and running_number = 1 and result = 1 and phone_id is not null and knock_time = phone_time and "
                   "st_x(position) = -77.03 and accuracy_m = 8 and flags = '{}'"),
      1);
  EXPECT_EQ(
      field_.Count("select count(*) from knock_response where question = 'support' and answer = '2' and ordinal = 1 "
                   "and person_id is null"),
      1);
  EXPECT_EQ(field_.Count(absl::StrCat("select count(*) from knock_ask where ask = 1 and answer = 1 and person_id = ",
                                      field_.people[0])),
            1);
}

TEST_F(Ingest, AnswersAResentBatchWithDuplicates) {
  std::vector<Knock> batch;
  for (int i = 0; i < Field::kDoorsOfFirstTurf; ++i) batch.push_back(field_.Knock(i));
  for (const KnockAnswer& answer : field_.Send(batch)) EXPECT_EQ(answer.outcome(), KNOCK_OUTCOME_ACCEPTED);
  const int64_t changes = field_.Count("select count(*) from change");
  for (int times = 0; times < 3; ++times) {
    for (const KnockAnswer& answer : field_.Send(batch)) {
      EXPECT_EQ(answer.outcome(), KNOCK_OUTCOME_DUPLICATE);
    }
  }
  EXPECT_EQ(Knocks(), Field::kDoorsOfFirstTurf);
  EXPECT_EQ(field_.Count("select count(*) from change"), changes);
}

TEST_F(Ingest, KnowsAResendEvenWhenItsListIsGoneAndItsPersonHasMoved) {
  const Knock knock = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
  SendOne(knock);
  field_.Execute("update walk_list set revoke_time = now()");
  field_.Execute("delete from checkout");
  field_.Execute(absl::StrCat("update walk_list set leader_id = ", field_.other_leader.value));
  field_.Execute("update person set door_id = null");
  EXPECT_EQ(SendOne(knock).outcome(), KNOCK_OUTCOME_DUPLICATE);
}

TEST_F(Ingest, TakesOneIdTwiceInABatchOnce) {
  const Knock knock = field_.Knock(0);
  Knock other = knock;
  other.set_result(KNOCK_RESULT_REFUSED);
  const std::vector<KnockAnswer> answers = field_.Send({knock, knock, other});
  EXPECT_EQ(answers[0].outcome(), KNOCK_OUTCOME_ACCEPTED);
  EXPECT_EQ(answers[1].outcome(), KNOCK_OUTCOME_DUPLICATE);
  EXPECT_EQ(answers[2].outcome(), KNOCK_OUTCOME_CONFLICT);
  EXPECT_EQ(Knocks(), 1);
  EXPECT_EQ(field_.Count("select count(*) from knock_conflict"), 1);
}

TEST_F(Ingest, KeepsAConflictBesideTheKnock) {
  Knock knock = field_.Knock(0);
  SendOne(knock);
  knock.set_result(KNOCK_RESULT_REFUSED);
  EXPECT_EQ(SendOne(knock).outcome(), KNOCK_OUTCOME_CONFLICT);
  EXPECT_EQ(SendOne(knock).outcome(), KNOCK_OUTCOME_CONFLICT);
  EXPECT_EQ(field_.Count("select count(*) from knock where result = 2"), 1);
  EXPECT_EQ(Knocks(), 1);
  // Once for each content, whole.
  EXPECT_EQ(field_.Count("select count(*) from knock_conflict"), 1);
  knock.set_note("another");
  EXPECT_EQ(SendOne(knock).outcome(), KNOCK_OUTCOME_CONFLICT);
  EXPECT_EQ(field_.Count("select count(*) from knock_conflict where length(content) > 50"), 2);
}

TEST_F(Ingest, RefusesAnEmptyBatchAndOneOf501Whole) {
  SendKnocksRequest request;
  SendKnocksResponse response;
  grpc::Status status = field_.canvass().SendKnocks(field_.As(field_.phone).get(), request, &response);
  EXPECT_EQ(ReasonOf(status), "BATCH_EMPTY");
  for (int i = 0; i < 501; ++i) *request.add_knocks() = field_.Knock(i % Field::kDoorsOfFirstTurf);
  status = field_.canvass().SendKnocks(field_.As(field_.phone).get(), request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "BATCH_TOO_LARGE");
  EXPECT_EQ(FieldOf(status), "knocks");
  EXPECT_EQ(Knocks(), 0);
  request.mutable_knocks()->RemoveLast();
  EXPECT_TRUE(field_.canvass().SendKnocks(field_.As(field_.phone).get(), request, &response).ok());
  EXPECT_EQ(Knocks(), 500);
}

TEST_F(Ingest, TheBadOnesDoNotCostTheGoodOnes) {
  struct Bad {
    const char* reason;
    const char* field;
    Knock knock;
  };
  std::vector<Bad> bad;
  const auto add = [&](const char* reason, const char* field) -> Knock& {
    bad.push_back({reason, field, field_.Knock(0)});
    return bad.back().knock;
  };
  bad.reserve(20);
  add("DOOR_NOT_ON_LIST", "door_id").set_door_id(field_.doors[Field::kDoorsOfFirstTurf]);
  add("DOOR_NOT_ON_LIST", "door_id").set_door_id(int64_t{1} << 60);
  add("LIST_UNKNOWN", "list_number").set_list_number(base::MakeListNumber(77));
  add("LIST_UNKNOWN", "list_number").set_list_number(field_.lists[1]);
  add("LIST_NUMBER_MISTYPED", "list_number").set_list_number("12");
  add("RESULT_MISSING", "result").clear_result();
  add("KNOCK_ID_INVALID", "knock_id").set_knock_id("knock 1");
  add("KNOCK_ID_INVALID", "knock_id").set_knock_id("");
  add("PHONE_TIME_MISSING", "phone_time").clear_phone_time();
  add("POSITION_INVALID", "position").mutable_position()->set_latitude(95);
  add("TOO_LONG", "note").set_note(std::string(2001, 'x'));
  add("LANGUAGE_MISSING", "language").set_result(KNOCK_RESULT_LANGUAGE_BARRIER);
  add("CORRECTS_UNKNOWN", "corrects_knock_id").set_corrects_knock_id(base::Uuid::Random().ToString());
  KnockAsk& ask = *add("PERSON_NOT_AT_DOOR", "asks[0].person_id").add_asks();
  ask.set_person_id(field_.people[2]);
  ask.set_ask(ASK_KIND_DONATE);
  ask.set_answer(ASK_ANSWER_NO);
  std::vector<Knock> batch;
  for (const Bad& item : bad) {
    batch.push_back(item.knock);
    batch.push_back(field_.Knock(1));
  }
  const std::vector<KnockAnswer> answers = field_.Send(batch);
  for (size_t i = 0; i < bad.size(); ++i) {
    const KnockAnswer& answer = answers[2 * i];
    EXPECT_EQ(answer.outcome(), KNOCK_OUTCOME_REJECTED) << bad[i].reason;
    EXPECT_EQ(answer.reason(), bad[i].reason);
    EXPECT_EQ(answer.field(), bad[i].field);
    EXPECT_FALSE(answer.message().empty());
    EXPECT_EQ(answers[2 * i + 1].outcome(), KNOCK_OUTCOME_ACCEPTED);
  }
  EXPECT_EQ(Knocks(), static_cast<int64_t>(bad.size()));
}

TEST_F(Ingest, WelcomesLateKnocksAndMarksThem) {
  EXPECT_TRUE(SendOne(field_.Knock(0)).flags().empty());
  field_.clock.Advance(absl::Hours(13));
  const KnockAnswer expired = SendOne(field_.Knock(1));
  EXPECT_EQ(expired.outcome(), KNOCK_OUTCOME_ACCEPTED);
  ASSERT_EQ(expired.flags_size(), 1);
  EXPECT_EQ(expired.flags(0), "LATE_LIST");
  // Handed to another team since: the phone that had it out may still send.
  field_.CheckOut(field_.phone);
  field_.Execute(absl::StrCat("update walk_list set revoke_time = now(), leader_id = ", field_.other_leader.value,
                              " where list_number = '", field_.lists[0], "'"));
  const KnockAnswer revoked = SendOne(field_.Knock(2));
  EXPECT_EQ(revoked.outcome(), KNOCK_OUTCOME_ACCEPTED);
  EXPECT_EQ(revoked.flags(0), "LATE_LIST");
  EXPECT_EQ(field_.Count("select count(*) from knock where flags = '{LATE_LIST}'"), 2);
}

TEST_F(Ingest, ClampsAClockThatIsAhead) {
  Knock knock = field_.Knock(0);
  *knock.mutable_phone_time() = rpc::ToTimestamp(field_.clock.Now() + absl::Hours(24 * 365));
  const KnockAnswer answer = SendOne(knock);
  EXPECT_EQ(answer.outcome(), KNOCK_OUTCOME_ACCEPTED);
  ASSERT_EQ(answer.flags_size(), 1);
  EXPECT_EQ(answer.flags(0), "CLOCK_AHEAD");
  EXPECT_EQ(field_.Count("select count(*) from knock where knock_time = receive_time and phone_time > knock_time"), 1);
}

TEST_F(Ingest, MarksAClockThatIsAYearBehind) {
  Knock knock = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
  *knock.mutable_phone_time() = rpc::ToTimestamp(field_.clock.Now() - absl::Hours(24 * 365));
  const KnockAnswer answer = SendOne(knock);
  EXPECT_EQ(answer.outcome(), KNOCK_OUTCOME_ACCEPTED);
  ASSERT_EQ(answer.flags_size(), 1);
  EXPECT_EQ(answer.flags(0), "CLOCK_BEHIND");
  EXPECT_EQ(field_.Count("select count(*) from knock where knock_time = phone_time"), 1);
  // The work that comes of it is not a year overdue.
  EXPECT_EQ(FollowUps("due_time > now() + interval '1 day'"), 1);
}

TEST_F(Ingest, MakesFollowUpsByTheDefaultRules) {
  Knock supporter = field_.Knock(4);
  supporter.set_result(KNOCK_RESULT_CANVASSED);
  KnockResponse& response = *supporter.add_responses();
  response.set_person_id(field_.people[9]);
  response.set_question("support");
  response.set_answer("1");
  Knock come_back = field_.Knock(3);
  come_back.set_result(KNOCK_RESULT_COME_BACK);
  field_.Send({field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES),
               field_.AskKnock(1, ASK_KIND_VOLUNTEER, ASK_ANSWER_NO),
               field_.AskKnock(2, ASK_KIND_HOST_MEETING, ASK_ANSWER_MAYBE), come_back, supporter, field_.Knock(5)});
  EXPECT_EQ(FollowUps(), 4);
  const std::string mine = absl::StrCat("owner_id = ", field_.leader.value, " and state = 'open' and ");
  EXPECT_EQ(FollowUps(absl::StrCat(mine, "queue = 'volunteer' and person_id = ", field_.people[0])), 1);
  EXPECT_EQ(FollowUps(mine + "queue = 'house_meeting'"), 1);
  EXPECT_EQ(FollowUps(mine + "queue = 'revisit' and person_id is null"), 1);
  EXPECT_EQ(FollowUps(absl::StrCat(mine, "queue = 'second_conversation' and person_id = ", field_.people[9])), 1);
  EXPECT_EQ(field_.Count("select count(*) from follow_up f join knock k using (campaign_id, knock_id) where f.queue = "
                         "'volunteer' and f.due_time = k.knock_time + interval '48 hours'"),
            1);
}

TEST_F(Ingest, DoesNotAskASupporterTwice) {
  Knock supporter = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_NO);
  KnockResponse& response = *supporter.add_responses();
  response.set_question("support");
  response.set_answer("1");
  SendOne(supporter);
  EXPECT_EQ(FollowUps(), 0);
}

TEST_F(Ingest, MakesOneFollowUpForEachRuleThatFires) {
  Knock knock = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
  *knock.add_asks() = knock.asks(0);
  knock.mutable_asks(1)->set_person_id(field_.people[1]);
  KnockAsk& sign = *knock.add_asks();
  sign.set_ask(ASK_KIND_YARD_SIGN);
  sign.set_answer(ASK_ANSWER_YES);
  SendOne(knock);
  SendOne(knock);
  EXPECT_EQ(FollowUps("queue = 'volunteer'"), 1);
  EXPECT_EQ(FollowUps("queue = 'yard_sign'"), 1);
  EXPECT_EQ(FollowUps(), 2);
}

TEST_F(Ingest, ARuleThatIsSwitchedOffMakesNone) {
  field_.Execute("update follow_up_rule set enabled = false");
  SendOne(field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES));
  EXPECT_EQ(FollowUps(), 0);
}

TEST_F(Ingest, StoresNeitherKnockNorFollowUpWhereOneFails) {
  field_.Execute("create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$");
  field_.Execute("create trigger refuse before insert on follow_up execute function refuse()");
  SendKnocksRequest request;
  *request.add_knocks() = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
  SendKnocksResponse response;
  EXPECT_FALSE(field_.canvass().SendKnocks(field_.As(field_.phone).get(), request, &response).ok());
  EXPECT_EQ(Knocks(), 0);
  EXPECT_EQ(field_.Count("select count(*) from knock_ask"), 0);
  EXPECT_EQ(field_.Count("select last_change from change_counter"), 0);
  // The phone sends the whole again.
  field_.Execute("drop trigger refuse on follow_up");
  ASSERT_TRUE(field_.canvass().SendKnocks(field_.As(field_.phone).get(), request, &response).ok());
  EXPECT_EQ(response.answers(0).outcome(), KNOCK_OUTCOME_ACCEPTED);
  EXPECT_EQ(Knocks(), 1);
  EXPECT_EQ(FollowUps(), 1);
}

TEST_F(Ingest, ATransactionThatIsNotCommittedLeavesNothing) {
  SendKnocksRequest request;
  *request.add_knocks() = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
  {
    auto transaction = field_.database.pool().Begin({.campaign = field_.campaign.campaign});
    ASSERT_TRUE(transaction.ok());
    const auto answers = canvass::IngestBatches(
        *transaction, {{.sender = {.member = field_.leader}, .request = &request}}, field_.clock.Now());
    ASSERT_TRUE(answers.ok()) << answers.status();
    EXPECT_EQ(answers->at(0).at(0).outcome(), KNOCK_OUTCOME_ACCEPTED);
  }
  EXPECT_EQ(Knocks(), 0);
  EXPECT_EQ(FollowUps(), 0);
  EXPECT_EQ(field_.Count("select count(*) from change"), 0);
}

TEST_F(Ingest, LeavesAHouseholdAloneThatAskedForIt) {
  field_.Send(
      {field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES), field_.AskKnock(1, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES)});
  Knock stop = field_.Knock(0);
  stop.set_result(KNOCK_RESULT_DO_NOT_CONTACT);
  SendOne(stop);
  EXPECT_EQ(field_.Count("select count(*) from door where do_not_contact"), 1);
  EXPECT_EQ(field_.Count("select count(*) from person where do_not_contact"), 2);
  EXPECT_EQ(FollowUps(absl::StrCat("state = 'dropped' and door_id = ", field_.doors[0],
                                   " and completed_by = ", field_.canvasser.value)),
            1);
  EXPECT_EQ(FollowUps("state = 'open'"), 1);
  EXPECT_EQ(field_.Count("select count(*) from change where kind = 'do_not_contact'"), 1);
  // What comes late from there makes no new work.
  SendOne(field_.AskKnock(0, ASK_KIND_YARD_SIGN, ASK_ANSWER_YES));
  EXPECT_EQ(FollowUps("state = 'open'"), 1);
  EXPECT_EQ(Knocks(), 4);
}

TEST_F(Ingest, LeavesOnlyThePersonAloneWhoAskedForIt) {
  Knock both = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
  Knock second = field_.AskKnock(0, ASK_KIND_YARD_SIGN, ASK_ANSWER_YES);
  second.mutable_asks(0)->set_person_id(field_.people[1]);
  field_.Send({both, second});
  Knock stop = field_.Knock(0);
  stop.set_result(KNOCK_RESULT_DO_NOT_CONTACT);
  KnockResponse& said = *stop.add_responses();
  said.set_person_id(field_.people[0]);
  said.set_question("support");
  said.set_answer("5");
  SendOne(stop);
  EXPECT_EQ(field_.Count("select count(*) from door where do_not_contact"), 0);
  EXPECT_EQ(
      field_.Count(absl::StrCat("select count(*) from person where do_not_contact and person_id = ", field_.people[0])),
      1);
  EXPECT_EQ(field_.Count("select count(*) from person where do_not_contact"), 1);
  EXPECT_EQ(FollowUps(absl::StrCat("state = 'dropped' and person_id = ", field_.people[0])), 1);
  EXPECT_EQ(FollowUps(absl::StrCat("state = 'open' and person_id = ", field_.people[1])), 1);
  EXPECT_EQ(field_.Count("select count(*) from change where kind = 'do_not_contact'"), 1);
}

TEST_F(Ingest, ADoNotContactInTheSameBatchWins) {
  Knock stop = field_.Knock(0);
  stop.set_result(KNOCK_RESULT_DO_NOT_CONTACT);
  field_.Send({field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES), stop});
  EXPECT_EQ(Knocks(), 2);
  EXPECT_EQ(FollowUps(), 0);
}

TEST_F(Ingest, TakesACorrectionAndItsKnockInAnyOrderOfOneBatch) {
  const Knock wrong = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
  Knock right = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_MAYBE);
  right.set_corrects_knock_id(wrong.knock_id());
  for (const KnockAnswer& answer : field_.Send({right, wrong})) {
    EXPECT_EQ(answer.outcome(), KNOCK_OUTCOME_ACCEPTED) << answer.reason();
  }
  EXPECT_EQ(FollowUps(), 1);
  EXPECT_EQ(FollowUps(absl::StrCat("knock_id = '", right.knock_id(), "'")), 1);
}

TEST_F(Ingest, ACorrectionThatComesFirstIsSentAgain) {
  const Knock wrong = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
  Knock right = field_.Knock(0);
  right.set_corrects_knock_id(wrong.knock_id());
  EXPECT_EQ(SendOne(right).reason(), "CORRECTS_UNKNOWN");
  EXPECT_EQ(SendOne(wrong).outcome(), KNOCK_OUTCOME_ACCEPTED);
  EXPECT_EQ(FollowUps("state = 'open'"), 1);
  EXPECT_EQ(SendOne(right).outcome(), KNOCK_OUTCOME_ACCEPTED);
  EXPECT_EQ(SendOne(right).outcome(), KNOCK_OUTCOME_DUPLICATE);
  // What the wrong tap gave rise to is not to be done.
  EXPECT_EQ(FollowUps("state = 'open'"), 0);
  EXPECT_EQ(FollowUps("state = 'dropped'"), 1);
}

TEST_F(Ingest, RefusesCorrectionsOfEachOtherAndOfAnotherDoor) {
  Knock first = field_.Knock(0);
  Knock second = field_.Knock(0);
  first.set_corrects_knock_id(second.knock_id());
  second.set_corrects_knock_id(first.knock_id());
  for (const KnockAnswer& answer : field_.Send({first, second})) EXPECT_EQ(answer.reason(), "CORRECTS_UNKNOWN");
  const Knock there = field_.Knock(1);
  Knock here = field_.Knock(0);
  here.set_corrects_knock_id(there.knock_id());
  const std::vector<KnockAnswer> answers = field_.Send({there, here});
  EXPECT_EQ(answers[0].outcome(), KNOCK_OUTCOME_ACCEPTED);
  EXPECT_EQ(answers[1].reason(), "CORRECTS_OTHER_DOOR");
  EXPECT_EQ(Knocks(), 1);
}

TEST_F(Ingest, IsForPhonesWithAToken) {
  SendKnocksRequest request;
  *request.add_knocks() = field_.Knock(0);
  SendKnocksResponse response;
  EXPECT_EQ(field_.canvass().SendKnocks(field_.As("").get(), request, &response).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(ReasonOf(field_.canvass().SendKnocks(field_.As(field_.leader_token).get(), request, &response)),
            "PHONE_TOKEN_NEEDED");
  EXPECT_EQ(Knocks(), 0);
}

}  // namespace
}  // namespace snowfield::tests
