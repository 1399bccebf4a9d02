#include "services/followup/rules.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "base/character_count.h"
#include "base/status.h"
#include "base/uuid.h"
#include "db/filter/filter.h"
#include "db/filter/knock_fields.h"
#include "db/pg/sqlstate.h"
#include "db/store/audit_store.h"
#include "services/rpc/names.h"
#include "services/rpc/paging.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::followup {
namespace {

constexpr size_t kConditionBytesMax = 200;
constexpr int kConditionAnswersMax = 50;

// Two rules of one name: said of the name.
absl::Status NameTaken(absl::Status status) {
  if (db::ConstraintOf(status) != "follow_up_rule_name_uk") return status;
  return base::InvalidField("rule.name", "NAME_TAKEN", "another rule of the campaign has this name");
}
template <typename T>
absl::StatusOr<T> NameTaken(absl::StatusOr<T> result) {
  if (result.ok()) return result;
  return NameTaken(result.status());
}

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
  if (!rule.filter.empty()) conditions.push_back(rule.filter);
  return absl::StrJoin(conditions, ", and ");
}

namespace {

constexpr char kRulesName[] = "follow_up_rules";
constexpr std::array<std::pair<v1::OwnerPolicy, std::string_view>, 3> kPolicies = {
    {{v1::OWNER_POLICY_LEADER, "leader"}, {v1::OWNER_POLICY_KNOCKER, "knocker"}, {v1::OWNER_POLICY_TEAM, "team"}}};

google::protobuf::Duration ToMessage(absl::Duration duration) {
  google::protobuf::Duration message;
  message.set_seconds(absl::ToInt64Seconds(duration));
  return message;
}

void ToMessage(const db::FollowUpRule& rule, v1::Rule& out) {
  out.set_rule_id(rule.rule.value);
  out.set_name(rule.name);
  out.set_queue(rule.queue);
  out.set_when(ConditionsInWords(rule));
  *out.mutable_due_after() = ToMessage(rule.due_after);
  out.set_enabled(rule.enabled);
  out.set_priority(rule.priority);
  out.set_owner_policy(rpc::ValueIn(kPolicies, rule.owner_policy));
  *out.mutable_climb_after() = ToMessage(rule.climb_after);
  out.set_result(static_cast<canvass::v1::KnockResult>(rule.when_result));
  out.set_ask(static_cast<canvass::v1::AskKind>(rule.when_ask));
  if (rule.when_ask_answer == db::kAnswerNotAsked) {
    out.set_ask_not_made(true);
  } else {
    out.set_ask_answer(static_cast<canvass::v1::AskAnswer>(rule.when_ask_answer));
  }
  out.set_question(rule.when_question);
  for (const std::string& answer : rule.when_answers) out.add_answers(answer);
  out.set_filter(rule.filter);
}

absl::Status CheckText(std::string_view text, std::string_view field, std::string_view reason) {
  const int64_t characters = base::CharacterCount(text);
  if (1 <= characters && characters <= kRuleNameCharactersMax && text.find('\0') == std::string_view::npos) {
    return absl::OkStatus();
  }
  return base::InvalidField(field, reason, absl::StrCat("send 1 to ", kRuleNameCharactersMax, " characters"));
}

absl::StatusOr<absl::Duration> ReadDuration(const google::protobuf::Duration& message, absl::Duration min,
                                            std::string_view field) {
  const absl::Duration duration = absl::Seconds(message.seconds()) + absl::Nanoseconds(message.nanos());
  if (min <= duration && duration <= kRuleTimeMax) return duration;
  return base::InvalidField(field, "TIME_OUT_OF_RANGE",
                            absl::StrCat("send ", absl::FormatDuration(min), " to 365 days"));
}

// What may be changed at any time.
absl::StatusOr<db::FollowUpRule> ReadRule(const v1::Rule& rule) {
  db::FollowUpRule read;
  read.rule = base::RuleId(rule.rule_id());
  read.name = rule.name();
  read.queue = rule.queue();
  SNOWFIELD_RETURN_IF_ERROR(CheckText(rule.name(), "rule.name", "NAME_LENGTH"));
  SNOWFIELD_RETURN_IF_ERROR(CheckText(rule.queue(), "rule.queue", "QUEUE_INVALID"));
  SNOWFIELD_ASSIGN_OR_RETURN(read.due_after, ReadDuration(rule.due_after(), absl::ZeroDuration(), "rule.due_after"));
  if (rule.has_climb_after()) {
    SNOWFIELD_ASSIGN_OR_RETURN(read.climb_after, ReadDuration(rule.climb_after(), kClimbAfterMin, "rule.climb_after"));
  }
  if (rule.priority() < 0 || rule.priority() > 9) {
    return base::InvalidField("rule.priority", "PRIORITY_OUT_OF_RANGE", "send 0 to 9");
  }
  read.priority = rule.priority();
  if (const std::string_view policy = rpc::NameIn(kPolicies, rule.owner_policy()); !policy.empty()) {
    read.owner_policy = std::string(policy);
  }
  read.enabled = rule.enabled();
  return read;
}

absl::Status ReadConditions(const v1::Rule& rule, db::FollowUpRule& read) {
  const bool says_answer = rule.ask_answer() != canvass::v1::ASK_ANSWER_UNSPECIFIED;
  if (rule.ask() == canvass::v1::ASK_KIND_UNSPECIFIED && (says_answer || rule.ask_not_made())) {
    return base::InvalidField("rule.ask", "CONDITION_UNFIT", "say which ask the answer is of");
  }
  if (says_answer && rule.ask_not_made()) {
    return base::InvalidField("rule.ask_not_made", "CONDITION_UNFIT", "what was not asked has no answer");
  }
  if (rule.question().empty() && !rule.answers().empty()) {
    return base::InvalidField("rule.question", "CONDITION_UNFIT", "say which question the answers are of");
  }
  if (!canvass::v1::KnockResult_IsValid(rule.result()) || !canvass::v1::AskKind_IsValid(rule.ask()) ||
      !canvass::v1::AskAnswer_IsValid(rule.ask_answer())) {
    return base::InvalidField("rule.result", "CONDITION_UNFIT",
                              "a result, ask or answer that the server does not know");
  }
  if (rule.question().size() > kConditionBytesMax || rule.answers_size() > kConditionAnswersMax ||
      std::any_of(rule.answers().begin(), rule.answers().end(),
                  [](const std::string& answer) { return answer.size() > kConditionBytesMax; })) {
    return base::InvalidField("rule.answers", "TOO_LONG", "at most 50 answers, and 200 bytes in each");
  }
  SNOWFIELD_RETURN_IF_ERROR(db::Filter::Parse(rule.filter(), db::KnockFields(), "rule.filter").status());
  read.when_result = rule.result();
  read.when_ask = rule.ask();
  read.when_ask_answer = rule.ask_not_made() ? db::kAnswerNotAsked : static_cast<int>(rule.ask_answer());
  read.when_question = rule.question();
  read.when_answers = {rule.answers().begin(), rule.answers().end()};
  read.filter = std::string(absl::StripAsciiWhitespace(rule.filter()));
  const bool says_something =
      read.when_result != 0 || read.when_ask != 0 || !read.when_question.empty() || !read.filter.empty();
  if (says_something) return absl::OkStatus();
  return base::InvalidField("rule", "CONDITION_MISSING",
                            "say of which knocks: a result, an ask, an answer or a filter");
}

absl::StatusOr<base::RuleId> Insert(db::Transaction& transaction, const v1::Rule& rule, absl::Time begin_time) {
  SNOWFIELD_ASSIGN_OR_RETURN(db::FollowUpRule read, ReadRule(rule));
  SNOWFIELD_RETURN_IF_ERROR(ReadConditions(rule, read));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::RuleCounts counts, db::CountRules(transaction));
  if (counts.all >= kRulesMax || (!read.filter.empty() && counts.with_filter >= kFilterRulesMax)) {
    return base::Problem(
        absl::StatusCode::kResourceExhausted, "TOO_MANY_RULES", "rule",
        absl::StrCat("a campaign has at most ", kRulesMax, " rules, ", kFilterRulesMax, " of them with a filter"));
  }
  return NameTaken(db::InsertRule(transaction, read, begin_time));
}

}  // namespace

absl::StatusOr<v1::ListRulesResponse> ListRules(db::Transaction& transaction, const v1::ListRulesRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                             rpc::ReadPage(kRulesName, request.page_size(), request.page_token()));
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<db::FollowUpRule> rules,
                             db::ListRules(transaction, base::RuleId(page.after), page.size + 1));
  v1::ListRulesResponse response;
  if (static_cast<int>(rules.size()) > page.size) {
    rules.pop_back();
    response.set_next_page_token(rpc::NextPageToken(kRulesName, rules.back().rule.value));
  }
  for (const db::FollowUpRule& rule : rules) ToMessage(rule, *response.add_rules());
  return response;
}

absl::StatusOr<v1::CreateRuleResponse> CreateRule(db::Transaction& transaction, const access::Caller& caller,
                                                  const v1::CreateRuleRequest& request, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const base::RuleId rule, Insert(transaction, request.rule(), now));
  SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(
      transaction,
      {.member = caller.member, .action = "rule.create", .subject_kind = "rule", .subject_id = rule.value}));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::FollowUpRule stored, db::FindRule(transaction, rule));
  v1::CreateRuleResponse response;
  ToMessage(stored, *response.mutable_rule());
  return response;
}

absl::StatusOr<v1::UpdateRuleResponse> UpdateRule(db::Transaction& transaction, const access::Caller& caller,
                                                  const v1::UpdateRuleRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::FollowUpRule read, ReadRule(request.rule()));
  SNOWFIELD_RETURN_IF_ERROR(db::FindRule(transaction, read.rule).status());
  SNOWFIELD_RETURN_IF_ERROR(NameTaken(db::UpdateRule(transaction, read)));
  SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(
      transaction,
      {.member = caller.member, .action = "rule.update", .subject_kind = "rule", .subject_id = read.rule.value}));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::FollowUpRule stored, db::FindRule(transaction, read.rule));
  v1::UpdateRuleResponse response;
  ToMessage(stored, *response.mutable_rule());
  return response;
}

absl::StatusOr<v1::TryRuleResponse> TryRule(db::Pool& pool, const access::Call& call, const v1::TryRuleRequest& request,
                                            absl::Time now) {
  if (request.days() < 0 || request.days() > kTrialDaysMax) {
    return base::InvalidField("days", "DAYS_OUT_OF_RANGE",
                              absl::StrCat("send 1 to ", kTrialDaysMax, ", or 0 for ", kTrialDaysDefault));
  }
  const absl::Duration past = absl::Hours(24 * (request.days() == 0 ? kTrialDaysDefault : request.days()));
  v1::Rule rule = request.rule();
  rule.set_enabled(true);
  // Under a name that nobody else has: it is about to be forgotten.
  rule.set_name(base::Uuid::Random().ToString());
  SNOWFIELD_ASSIGN_OR_RETURN(db::Transaction transaction, pool.Begin(call.Scope()));
  SNOWFIELD_ASSIGN_OR_RETURN(const base::RuleId id, Insert(transaction, rule, absl::InfinitePast()));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::RuleTrial trial, db::TryRule(transaction, id, now - past, kTrialKnocksMax, now));
  v1::TryRuleResponse response;
  response.set_knocks(trial.knocks);
  response.set_follow_ups(trial.follow_ups);
  return response;
}

}  // namespace snowfield::followup
