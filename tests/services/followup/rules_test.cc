#include "services/followup/rules.h"

#include <gtest/gtest.h>

namespace snowfield::followup {
namespace {

TEST(ConditionsInWords, SaysEachConditionOnce) {
  db::FollowUpRule rule;
  rule.when_ask = 1;
  rule.when_ask_answer = 1;
  EXPECT_EQ(ConditionsInWords(rule), "volunteer is answered yes");
  rule.when_ask_answer = 0;
  EXPECT_EQ(ConditionsInWords(rule), "volunteer is asked");
  rule.when_ask_answer = db::kAnswerNotAsked;
  rule.when_question = "support";
  rule.when_answers = {"1", "2"};
  EXPECT_EQ(ConditionsInWords(rule), "support is answered 1 or 2, and volunteer is not asked");
  rule.when_answers.clear();
  rule.when_result = 4;
  rule.when_ask = 0;
  EXPECT_EQ(ConditionsInWords(rule), "the result is COME_BACK, and support is answered");
}

}  // namespace
}  // namespace snowfield::followup
