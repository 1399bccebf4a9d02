// Rules as data: made, tried and ended by people, with filters; and whatever the order and the grouping in which knocks
// arrive, the same work is open in the end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/uuid.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/timestamp.h"
#include "snowfield/canvass/v1/review.grpc.pb.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace followup::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language
using canvass::v1::ASK_ANSWER_MAYBE;
using canvass::v1::ASK_ANSWER_NO;
using canvass::v1::ASK_ANSWER_YES;
using canvass::v1::ASK_KIND_DONATE;
using canvass::v1::ASK_KIND_VOLUNTEER;
using canvass::v1::Knock;

base::ProblemDetail DetailOf(const grpc::Status& status) { return base::DetailOf(rpc::FromGrpcStatus(status)); }

class RulesAsData : public testing::Test {
 protected:
  RulesAsData() {
    field_.CheckOut(field_.phone);
    field_.CheckOut(field_.other_phone, 2);
  }

  static Rule Donors(const std::string& filter = "") {
    Rule rule;
    rule.set_name("donors");
    rule.set_queue("thanks");
    rule.mutable_due_after()->set_seconds(3600);
    rule.set_enabled(true);
    rule.set_ask(ASK_KIND_DONATE);
    rule.set_ask_answer(ASK_ANSWER_YES);
    rule.set_filter(filter);
    return rule;
  }
  grpc::Status Create(const Rule& rule, CreateRuleResponse* response) {
    CreateRuleRequest request;
    *request.mutable_rule() = rule;
    return field_.followup().CreateRule(field_.As(field_.campaign.owner_token).get(), request, response);
  }
  int64_t Make(const Rule& rule) {
    CreateRuleResponse response;
    const grpc::Status status = Create(rule, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.rule().rule_id();
  }
  std::string Refusal(const Rule& rule) {
    CreateRuleResponse response;
    const base::ProblemDetail detail = DetailOf(Create(rule, &response));
    return absl::StrCat(detail.field, " ", detail.reason);
  }
  TryRuleResponse Try(const Rule& rule) {
    TryRuleRequest request;
    *request.mutable_rule() = rule;
    TryRuleResponse response;
    const grpc::Status status =
        field_.followup().TryRule(field_.As(field_.campaign.owner_token).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  int64_t Open(const std::string& queue) {
    return field_.Count(absl::StrCat("select count(*) from follow_up where state = 'open' and queue = '", queue, "'"));
  }
  // At door `index`, `minute` minutes after the walk began.
  Knock At(Knock knock, int minute) const {
    *knock.mutable_phone_time() = rpc::ToTimestamp(field_.clock.Now() - absl::Minutes(200 - minute));
    return knock;
  }

  Field field_;
};

TEST_F(RulesAsData, ANewRuleLooksAtWhatIsKnockedFromThenOn) {
  field_.Send({field_.AskKnock(0, ASK_KIND_DONATE, ASK_ANSWER_YES)});
  field_.clock.Advance(absl::Minutes(1));
  const int64_t rule = Make(Donors());
  EXPECT_EQ(Open("thanks"), 0);
  field_.Send(
      {field_.AskKnock(1, ASK_KIND_DONATE, ASK_ANSWER_YES), field_.AskKnock(2, ASK_KIND_DONATE, ASK_ANSWER_NO)});
  EXPECT_EQ(Open("thanks"), 1);
  UpdateRuleRequest off;
  *off.mutable_rule() = Donors();
  off.mutable_rule()->set_rule_id(rule);
  off.mutable_rule()->set_enabled(false);
  UpdateRuleResponse response;
  ASSERT_TRUE(field_.followup().UpdateRule(field_.As(field_.campaign.owner_token).get(), off, &response).ok());
  EXPECT_FALSE(response.rule().enabled());
  field_.Send({field_.AskKnock(3, ASK_KIND_DONATE, ASK_ANSWER_YES)});
  EXPECT_EQ(Open("thanks"), 1) << "an ended rule makes nothing";
  EXPECT_EQ(field_.Count("select count(*) from audit_log where action in ('rule.create', 'rule.update')"), 2);
}

TEST_F(RulesAsData, ATrialTellsWhatItWouldHaveMadeAndKeepsNothing) {
  field_.Send({field_.AskKnock(0, ASK_KIND_DONATE, ASK_ANSWER_YES), field_.AskKnock(1, ASK_KIND_DONATE, ASK_ANSWER_YES),
               field_.AskKnock(2, ASK_KIND_DONATE, ASK_ANSWER_MAYBE), field_.Knock(3)});
  const int64_t rules = field_.Count("select count(*) from follow_up_rule");
  const TryRuleResponse trial = Try(Donors());
  EXPECT_EQ(trial.knocks(), 4);
  EXPECT_EQ(trial.follow_ups(), 2);
  EXPECT_EQ(Try(Donors("earlier_contacts > 0")).follow_ups(), 0);
  EXPECT_EQ(field_.Count("select count(*) from follow_up_rule"), rules);
  EXPECT_EQ(Open("thanks"), 0);
}

TEST_F(RulesAsData, AFilterIsAboutThePersonWhoIsMeant) {
  field_.Execute(absl::StrCat("update person set birth_year = 2004 where person_id = ", field_.people[0]));
  field_.Execute(absl::StrCat("update person set birth_year = 1950 where person_id = ", field_.people[1]));
  field_.Execute(absl::StrCat("update person set birth_year = 1951 where person_id = ", field_.people[2]));
  Make(Donors("age < 30"));
  Knock both = field_.AskKnock(0, ASK_KIND_DONATE, ASK_ANSWER_YES);
  *both.add_asks() = both.asks(0);
  both.mutable_asks(0)->set_person_id(field_.people[1]);  // the old one first
  field_.Send({both, field_.AskKnock(1, ASK_KIND_DONATE, ASK_ANSWER_YES)});
  EXPECT_EQ(Open("thanks"), 1);
  EXPECT_EQ(field_.Count("select person_id from follow_up where queue = 'thanks'"), field_.people[0]);
}

TEST_F(RulesAsData, WhatCannotBeIsRefusedByName) {
  Rule nothing = Donors();
  nothing.clear_ask();
  EXPECT_EQ(Refusal(nothing), "rule.ask CONDITION_UNFIT");
  nothing.clear_ask_answer();
  EXPECT_EQ(Refusal(nothing), "rule CONDITION_MISSING");
  EXPECT_EQ(Refusal(Donors("age <")), "rule.filter FILTER_SYNTAX");
  EXPECT_EQ(Refusal(Donors("income > 5")), "rule.filter FILTER_FIELD_UNKNOWN");
  Rule rule = Donors();
  rule.set_name("");
  EXPECT_EQ(Refusal(rule), "rule.name NAME_LENGTH");
  rule = Donors();
  rule.set_name("volunteer: yes");
  EXPECT_EQ(Refusal(rule), "rule.name NAME_TAKEN");
  rule = Donors();
  rule.mutable_due_after()->set_seconds(-1);
  EXPECT_EQ(Refusal(rule), "rule.due_after TIME_OUT_OF_RANGE");
  rule = Donors();
  rule.mutable_climb_after()->set_seconds(5);
  EXPECT_EQ(Refusal(rule), "rule.climb_after TIME_OUT_OF_RANGE");
  rule = Donors();
  rule.set_ask_not_made(true);
  EXPECT_EQ(Refusal(rule), "rule.ask_not_made CONDITION_UNFIT");
  for (int i = 0; i < 20; ++i) {
    rule = Donors("age < 30");
    rule.set_name(absl::StrCat("rule ", i));
    Make(rule);
  }
  EXPECT_EQ(Refusal(Donors("age < 30")), "rule TOO_MANY_RULES");
}

TEST_F(RulesAsData, AContactThatArrivesLateTakesBackWhatWasMadeAsIfItWereTheFirst) {
  Make(Donors("earlier_contacts = 0"));
  const Knock first = At(field_.AskKnock(0, ASK_KIND_DONATE, ASK_ANSWER_NO), 10);
  const Knock second = At(field_.AskKnock(0, ASK_KIND_DONATE, ASK_ANSWER_YES), 20);
  field_.Send({second});
  EXPECT_EQ(Open("thanks"), 1);
  field_.Send({first});
  EXPECT_EQ(Open("thanks"), 0);
  EXPECT_EQ(field_.Count("select count(*) from follow_up where drop_reason = 'RULE_NO_LONGER_HOLDS'"), 1);
  // Nobody was there, after all.
  const auto review = canvass::v1::ReviewService::NewStub(field_.channel());
  canvass::v1::JudgeKnockRequest judge;
  judge.set_knock_id(first.knock_id());
  judge.set_verdict(canvass::v1::VERDICT_VOIDED);
  judge.set_reason("made up");
  canvass::v1::JudgeKnockResponse judged;
  const grpc::Status status = review->JudgeKnock(field_.As(field_.leader_token).get(), judge, &judged);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(Open("thanks"), 1);
}

TEST_F(RulesAsData, AnEndedRuleKeepsTheWorkThatItMade) {
  const int64_t ended = Make(Donors("earlier_contacts = 0"));
  Rule other = Donors("earlier_contacts = 0");
  other.set_name("another with a filter");
  other.set_queue("other");
  Make(other);
  field_.Send({At(field_.AskKnock(0, ASK_KIND_DONATE, ASK_ANSWER_YES), 20)});
  UpdateRuleRequest off;
  *off.mutable_rule() = Donors();
  off.mutable_rule()->set_rule_id(ended);
  off.mutable_rule()->set_enabled(false);
  UpdateRuleResponse response;
  ASSERT_TRUE(field_.followup().UpdateRule(field_.As(field_.campaign.owner_token).get(), off, &response).ok());
  field_.Send({At(field_.Knock(0), 30)});
  EXPECT_EQ(Open("thanks"), 1);
  EXPECT_EQ(Open("other"), 1);
}

// Random knocks at few doors, with corrections; each order and grouping is played at doors of its own, so that all can
// be compared in one database. The seed is printed, and SNOWFIELD_SEED plays it again.
TEST_F(RulesAsData, TheSameKnocksInAnyOrderAndGroupingLeaveTheSameWork) {
  const char* given = std::getenv("SNOWFIELD_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device()();
  SCOPED_TRACE(absl::StrCat("SNOWFIELD_SEED=", seed));
  std::mt19937 random(seed);
  const auto draw = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
  Make(Donors("earlier_contacts = 0"));
  Rule third = Donors("earlier_knocks >= 2");
  third.set_name("third time");
  third.set_queue("third");
  Make(third);
  // What was said, as a plan: kind of knock, minute, and which earlier one it corrects.
  struct Planned {
    int kind;
    int minute;
    int corrects;  // -1: none
  };
  for (int round = 0; round < 6; ++round) {
    std::vector<Planned> plan;
    const int count = 3 + draw(5);
    for (int i = 0; i < count; ++i) {
      plan.push_back({draw(4), 5 + 7 * i + draw(5), i > 0 && draw(4) == 0 ? draw(i) : -1});
    }
    std::string first_outcome;
    for (int door = 0; door < Field::kDoorsOfFirstTurf; ++door) {
      std::vector<Knock> knocks;
      for (const Planned& one : plan) {
        Knock knock = one.kind == 0   ? field_.Knock(door)
                      : one.kind == 1 ? field_.AskKnock(door, ASK_KIND_DONATE, ASK_ANSWER_YES)
                      : one.kind == 2 ? field_.AskKnock(door, ASK_KIND_DONATE, ASK_ANSWER_NO)
                                      : field_.AskKnock(door, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
        knock.set_knock_id(base::Uuid::Random().ToString());
        if (one.corrects >= 0) knock.set_corrects_knock_id(knocks[one.corrects].knock_id());
        knocks.push_back(At(knock, one.minute));
      }
      // A phone sends what was rejected for want of what it corrects again, until all are in.
      std::vector<Knock> waiting = knocks;
      std::shuffle(waiting.begin(), waiting.end(), random);
      while (!waiting.empty()) {
        const size_t batch_size = std::min<size_t>(waiting.size(), 1 + draw(4));
        const std::vector<Knock> batch(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(batch_size));
        waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(batch_size));
        const auto answers = field_.Send(batch);
        for (size_t i = 0; i < batch.size(); ++i) {
          if (answers[i].reason() == "CORRECTS_UNKNOWN") {
            waiting.push_back(batch[i]);
          } else {
            EXPECT_EQ(answers[i].outcome(), canvass::v1::KNOCK_OUTCOME_ACCEPTED) << answers[i].ShortDebugString();
          }
        }
      }
      std::string outcome;
      for (size_t i = 0; i < knocks.size(); ++i) {
        absl::StrAppend(
            &outcome, i, ":",
            field_.Count(absl::StrCat("select coalesce(sum(r.rule_id * r.rule_id), 0)::bigint from follow_up r where "
                                      "r.state = 'open' and r.knock_id = '",
                                      knocks[i].knock_id(), "'")),
            " ");
      }
      if (door == 0) first_outcome = outcome;
      EXPECT_EQ(outcome, first_outcome) << "round " << round << ", door " << door;
      // The next round begins at fresh ground.
      field_.Execute(absl::StrCat(
          "insert into knock_judgement (campaign_id, knock_id, verdict, reason, member_id, judge_time) select "
          "campaign_id, knock_id, 'voided', 'next round', ",
          field_.leader.value, ", now() from knock where door_id = ", field_.doors[door], " on conflict do nothing"));
    }
  }
}

}  // namespace
}  // namespace snowfield::tests
