#include "services/cli/rule_verbs.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "services/cli/call.h"
#include "services/cli/output.h"
#include "services/cli/verb.h"
#include "snowfield/followup/v1/followup.grpc.pb.h"

namespace snowfield::cli {
namespace {
namespace pb = followup::v1;
using pb::FollowUpService;

constexpr double kSecondsPerHour = 3600;
constexpr char kNotAsked[] = "not-asked";

struct RuleOrder {
  int64_t rule_id = 0;
  std::string name, queue, result, ask, ask_answer, question, filter, owner;
  std::vector<std::string> answers;
  double due_hours = 48;
  double climb_hours = 24;
  int priority = 0;
  bool off = false;
  int days = 0;
};

// "come-back" as COME_BACK.
template <typename Enum>
absl::Status ReadWord(const std::string& typed, const char* prefix, const char* flag,
                      bool (*parse)(google::protobuf::ConstStringParam, Enum*), Enum* value) {
  if (typed.empty()) return absl::OkStatus();
  const std::string word = absl::AsciiStrToUpper(absl::StrReplaceAll(typed, {{"-", "_"}, {" ", "_"}}));
  if (parse(prefix + word, value)) return absl::OkStatus();
  return base::InvalidField(flag, "WORD_UNKNOWN", "see --help for the words that there are");
}

absl::StatusOr<pb::Rule> ReadRule(const RuleOrder& order) {
  pb::Rule rule;
  rule.set_rule_id(order.rule_id);
  rule.set_name(order.name);
  rule.set_queue(order.queue);
  rule.mutable_due_after()->set_seconds(static_cast<int64_t>(order.due_hours * kSecondsPerHour));
  rule.mutable_climb_after()->set_seconds(static_cast<int64_t>(order.climb_hours * kSecondsPerHour));
  rule.set_priority(order.priority);
  rule.set_enabled(!order.off);
  pb::OwnerPolicy policy = pb::OWNER_POLICY_UNSPECIFIED;
  SNOWFIELD_RETURN_IF_ERROR(ReadWord(order.owner, "OWNER_POLICY_", "--owner", pb::OwnerPolicy_Parse, &policy));
  rule.set_owner_policy(policy);
  canvass::v1::KnockResult result = canvass::v1::KNOCK_RESULT_UNSPECIFIED;
  SNOWFIELD_RETURN_IF_ERROR(
      ReadWord(order.result, "KNOCK_RESULT_", "--result", canvass::v1::KnockResult_Parse, &result));
  rule.set_result(result);
  canvass::v1::AskKind ask = canvass::v1::ASK_KIND_UNSPECIFIED;
  SNOWFIELD_RETURN_IF_ERROR(ReadWord(order.ask, "ASK_KIND_", "--ask", canvass::v1::AskKind_Parse, &ask));
  rule.set_ask(ask);
  rule.set_ask_not_made(order.ask_answer == kNotAsked);
  if (!rule.ask_not_made()) {
    canvass::v1::AskAnswer answer = canvass::v1::ASK_ANSWER_UNSPECIFIED;
    SNOWFIELD_RETURN_IF_ERROR(
        ReadWord(order.ask_answer, "ASK_ANSWER_", "--answered", canvass::v1::AskAnswer_Parse, &answer));
    rule.set_ask_answer(answer);
  }
  rule.set_question(order.question);
  for (const std::string& answer : order.answers) rule.add_answers(answer);
  rule.set_filter(order.filter);
  return rule;
}

absl::Status List(const Session& session, const RuleOrder&) {
  pb::ListRulesRequest request;
  Table table({"id", "rule", "when", "queue", "due after h", "owner", "climbs after h", "on"});
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(const pb::ListRulesResponse response,
                               CallOnce(session, request, &FollowUpService::Stub::ListRules));
    if (session.json) PrintJson(response);
    for (const pb::Rule& rule : response.rules()) {
      table.AddRow({absl::StrCat(rule.rule_id()), rule.name(), rule.when(), rule.queue(),
                    absl::StrCat(rule.due_after().seconds() / 3600),
                    WordOf(pb::OwnerPolicy_Name(rule.owner_policy()), "OWNER_POLICY_"),
                    absl::StrCat(rule.climb_after().seconds() / 3600), rule.enabled() ? "yes" : "no"});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!session.json) table.Print();
  return absl::OkStatus();
}

template <typename Request, typename Response>
absl::Status Store(const Session& session, const RuleOrder& order,
                   grpc::Status (FollowUpService::Stub::*call)(grpc::ClientContext*, const Request&, Response*)) {
  Request request;
  SNOWFIELD_ASSIGN_OR_RETURN(*request.mutable_rule(), ReadRule(order));
  SNOWFIELD_ASSIGN_OR_RETURN(const Response response, CallOnce(session, request, call));
  if (session.json) {
    PrintJson(response);
  } else {
    std::printf("rule %lld: %s, when %s\n", static_cast<long long>(response.rule().rule_id()),
                response.rule().name().c_str(), response.rule().when().c_str());
  }
  return absl::OkStatus();
}

absl::Status Create(const Session& session, const RuleOrder& order) {
  return Store(session, order, &FollowUpService::Stub::CreateRule);
}
absl::Status Update(const Session& session, const RuleOrder& order) {
  return Store(session, order, &FollowUpService::Stub::UpdateRule);
}

absl::Status Try(const Session& session, const RuleOrder& order) {
  pb::TryRuleRequest request;
  SNOWFIELD_ASSIGN_OR_RETURN(*request.mutable_rule(), ReadRule(order));
  request.set_days(order.days);
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::TryRuleResponse response,
                             CallOnce(session, request, &FollowUpService::Stub::TryRule));
  if (session.json) {
    PrintJson(response);
  } else {
    std::printf("of %s knocks it would have made %s follow-ups\n", WithCommas(response.knocks()).c_str(),
                WithCommas(response.follow_ups()).c_str());
  }
  return absl::OkStatus();
}

void AddConditions(CLI::App* verb, RuleOrder& order) {
  verb->add_option("--result", order.result, "Of the knock: come-back, moved, language-barrier, ...");
  verb->add_option("--ask", order.ask,
                   "Was asked: volunteer, host-meeting, yard-sign, sign-petition, donate, vote-plan");
  verb->add_option("--answered", order.ask_answer, "And answered yes, maybe or no; or not-asked (any answer)");
  verb->add_option("--question", order.question, "Of the script was answered");
  verb->add_option("--answers", order.answers, "With one of these (any)")->delimiter(',');
  verb->add_option("--filter", order.filter, "Whom, and what came before: \"age < 30 AND earlier_contacts = 0\"");
}

void AddRest(CLI::App* verb, RuleOrder& order) {
  verb->add_option("--name", order.name, "Of the rule")->required();
  verb->add_option("--queue", order.queue, "Where the work goes: volunteer, revisit, ...")->required();
  verb->add_option("--due-hours", order.due_hours, "After the knock")->capture_default_str();
  verb->add_option("--owner", order.owner, "leader, knocker or team (leader)");
  verb->add_option("--climb-hours", order.climb_hours, "So late it goes up one level")->capture_default_str();
  verb->add_option("--priority", order.priority, "0 to 9")->capture_default_str();
}

}  // namespace

void AddRuleVerbs(CLI::App& app, Session& session) {
  const auto order = std::make_shared<RuleOrder>();
  CLI::App* rule = app.add_subcommand("rule", "Which knock gives which follow-up")->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, absl::Status (*work)(const Session&, const RuleOrder&)) {
    return AddVerb(*rule, session, order, name, help, work);
  };
  add("list", "All rules of the campaign", List);
  CLI::App* create = add("create", "Make one; it looks at what is knocked from now on", Create);
  create->footer(
      "Example:\n  snowfield rule create --name \"young volunteers\" --queue volunteer --ask volunteer --answered yes "
      "\\\n"
      "      --filter \"age < 30 AND earlier_contacts = 0\" --owner knocker --due-hours 24");
  AddRest(create, *order);
  AddConditions(create, *order);
  CLI::App* update = add("set", "Change all but its conditions", Update);
  update->footer("Example:\n  snowfield rule set --id 12 --name \"yard sign: yes\" --queue yard_sign --off");
  update->add_option("--id", order->rule_id, "Which")->required();
  AddRest(update, *order);
  update->add_flag("--off", order->off, "It makes no more follow-ups");
  CLI::App* attempt = add("try", "What it would have made of past knocks; stores nothing", Try);
  attempt->footer("Example:\n  snowfield rule try --ask volunteer --answered maybe --days 14");
  AddConditions(attempt, *order);
  attempt->add_option("--days", order->days, "Of the past (30)");
  attempt->callback([&session, order] {
    // Nobody sees them.
    order->name = "trial";
    order->queue = "trial";
    session.run = [&session, order] { return Try(session, *order); };
  });
}

}  // namespace snowfield::cli
