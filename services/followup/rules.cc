#include "services/followup/rules.h"

#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::followup {
namespace {

// ASK_KIND_HOST_MEETING as "host meeting".
std::string Words(const std::string& name, const char* prefix) {
  return absl::AsciiStrToLower(absl::StrReplaceAll(absl::StripPrefix(name, prefix), {{"_", " "}}));
}

std::string AskInWords(const db::FollowUpRule& rule) {
  const std::string ask =
      Words(canvass::v1::AskKind_Name(static_cast<canvass::v1::AskKind>(rule.when_ask)), "ASK_KIND_");
  if (rule.when_ask_answer == db::kAnswerNotAsked) return absl::StrCat(ask, " is not asked");
  if (rule.when_ask_answer == 0) return absl::StrCat(ask, " is asked");
  const auto answer = static_cast<canvass::v1::AskAnswer>(rule.when_ask_answer);
  return absl::StrCat(ask, " is answered ", Words(canvass::v1::AskAnswer_Name(answer), "ASK_ANSWER_"));
}

}  // namespace

std::string ConditionsInWords(const db::FollowUpRule& rule) {
  std::vector<std::string> conditions;
  if (rule.when_result != 0) {
    const auto result = static_cast<canvass::v1::KnockResult>(rule.when_result);
    conditions.push_back(
        absl::StrCat("the result is ", absl::StripPrefix(canvass::v1::KnockResult_Name(result), "KNOCK_RESULT_")));
  }
  if (!rule.when_question.empty()) {
    conditions.push_back(rule.when_answers.empty() ? absl::StrCat(rule.when_question, " is answered")
                                                   : absl::StrCat(rule.when_question, " is answered ",
                                                                  absl::StrJoin(rule.when_answers, " or ")));
  }
  if (rule.when_ask != 0) conditions.push_back(AskInWords(rule));
  return absl::StrJoin(conditions, ", and ");
}

}  // namespace snowfield::followup
