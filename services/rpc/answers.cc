#include "services/rpc/answers.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/time/civil_time.h"

namespace snowfield::rpc {
namespace {
namespace wire = canvass::v1;
constexpr size_t kDateBytes = 10;  // 2026-11-03

bool IsNumber(const wire::Question& question, const std::string& answer) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(answer, &number)) return false;
  if (question.min() == 0 && question.max() == 0) return number >= 0;
  return number >= question.min() && number <= question.max();
}

bool IsDate(const std::string& answer) {
  absl::CivilDay day;
  return answer.size() == kDateBytes && absl::ParseCivilTime(answer, &day) && absl::FormatCivilTime(day) == answer;
}

}  // namespace

bool TakesAnswer(const wire::Question& question, const std::string& answer) {
  switch (question.kind()) {
    case wire::QUESTION_KIND_FREE_TEXT:
      return true;
    case wire::QUESTION_KIND_NUMBER:
      return IsNumber(question, answer);
    case wire::QUESTION_KIND_DATE:
      return IsDate(answer);
    case wire::QUESTION_KIND_ASK:
      return false;
    default:
      return question.answers().empty() ||
             std::find(question.answers().begin(), question.answers().end(), answer) != question.answers().end();
  }
}

}  // namespace snowfield::rpc
