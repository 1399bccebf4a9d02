#include "services/cli/script_verbs.h"

#include <google/protobuf/util/json_util.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "services/cli/call.h"
#include "services/cli/output.h"
#include "snowfield/canvass/v1/script.grpc.pb.h"

namespace snowfield::cli {
namespace {
namespace pb = canvass::v1;
using pb::ScriptService;

struct ScriptOrder {
  std::string file;
  int64_t script_id = 0;
  std::vector<std::string> languages;
  bool source = false;
};

absl::Status ReadDraft(const std::string& file, pb::ScriptDraft* draft) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) return base::InvalidField("FILE", "FILE_UNREADABLE", "can't read this file");
  const auto status = google::protobuf::util::JsonStringToMessage(text.str(), draft);
  if (status.ok()) return absl::OkStatus();
  return base::InvalidField("FILE", "SCRIPT_UNREADABLE",
                            absl::StrCat("not a script's JSON (see `snowfield script show --source`): ",
                                         std::string(status.message().data(), status.message().size())));
}

absl::Status Check(const Session& session, const ScriptOrder& order) {
  pb::SetScriptRequest request;
  SNOWFIELD_RETURN_IF_ERROR(ReadDraft(order.file, request.mutable_script()));
  request.set_validate_only(true);
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::SetScriptResponse response,
                             CallOnce(session, request, &ScriptService::Stub::SetScript));
  if (session.json) {
    PrintJson(response);
  } else if (response.problems().empty()) {
    std::printf("sound: %d questions in %s\n", request.script().questions_size(),
                absl::StrJoin(request.script().languages(), ", ").c_str());
  } else {
    Table table({"question", "reason", "problem"});
    for (const pb::ScriptProblem& problem : response.problems()) {
      table.AddRow({problem.question(), problem.reason(), problem.message()});
    }
    table.Print();
  }
  if (response.problems().empty()) return absl::OkStatus();
  return base::InvalidField("FILE", "SCRIPT_UNSOUND", absl::StrCat(response.problems_size(), " problems"));
}

absl::Status Set(const Session& session, const ScriptOrder& order) {
  pb::SetScriptRequest request;
  SNOWFIELD_RETURN_IF_ERROR(ReadDraft(order.file, request.mutable_script()));
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::SetScriptResponse response,
                             CallOnce(session, request, &ScriptService::Stub::SetScript));
  if (session.json) {
    PrintJson(response);
  } else {
    std::printf("script %ld, version %d: phones get it with their next download\n",
                static_cast<long>(response.script_id()), response.version());
  }
  return absl::OkStatus();
}

std::string KindInWords(const pb::Question& question) {
  const std::string kind = WordOf(pb::QuestionKind_Name(question.kind()), "QUESTION_KIND_");
  return absl::AsciiStrToLower(absl::StrReplaceAll(kind, {{"_", " "}}));
}

std::string AnswersInWords(const pb::Question& question) {
  if (!question.labels().empty()) return absl::StrJoin(question.labels(), " / ");
  if (question.kind() == pb::QUESTION_KIND_NUMBER && (question.min() != 0 || question.max() != 0)) {
    return absl::StrCat(question.min(), " to ", question.max());
  }
  return absl::StrJoin(question.answers(), " / ");
}

std::string ConditionsInWords(const pb::Question& question) {
  return absl::StrJoin(question.when(), ", and ", [](std::string* out, const pb::QuestionCondition& condition) {
    absl::StrAppend(out, condition.question(), condition.answers().empty() ? " was answered" : " is ",
                    condition.not_() ? "not " : "", absl::StrJoin(condition.answers(), " or "));
  });
}

absl::Status Show(const Session& session, const ScriptOrder& order) {
  pb::GetScriptRequest request;
  request.set_script_id(order.script_id);
  for (const std::string& language : order.languages) request.add_languages(language);
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::GetScriptResponse response,
                             CallOnce(session, request, &ScriptService::Stub::GetScript));
  if (order.source || session.json) {
    order.source ? PrintJson(response.script()) : PrintJson(response);
    return absl::OkStatus();
  }
  const pb::Script& script = response.on_phone();
  std::printf("%s, version %d (script %ld), in %s of %s\n\n%s\n\n", script.name().c_str(), script.version(),
              static_cast<long>(script.script_id()), script.language().c_str(),
              absl::StrJoin(response.script().languages(), ", ").c_str(), script.greeting().c_str());
  Table table({"question", "kind", "text", "answers", "asked when"});
  for (const pb::Question& question : script.questions()) {
    table.AddRow({question.code(), KindInWords(question), question.text(), AnswersInWords(question),
                  ConditionsInWords(question)});
  }
  table.Print();
  return absl::OkStatus();
}

absl::Status List(const Session& session, const ScriptOrder&) {
  pb::ListScriptsRequest request;
  Table table({"script", "name", "version", "made", "questions", "languages", "knocks"});
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(const pb::ListScriptsResponse response,
                               CallOnce(session, request, &ScriptService::Stub::ListScripts));
    if (session.json) PrintJson(response);
    for (const pb::ScriptSummary& script : response.scripts()) {
      table.AddRow({absl::StrCat(script.script_id()), script.name(), absl::StrCat(script.version()),
                    DateAndTime(script.create_time()), absl::StrCat(script.questions()),
                    absl::StrJoin(script.languages(), ", "), WithCommas(script.knocks())});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!session.json) table.Print();
  return absl::OkStatus();
}

}  // namespace

void AddScriptVerbs(CLI::App& app, Session& session) {
  const auto order = std::make_shared<ScriptOrder>();
  CLI::App* script = app.add_subcommand("script", "What canvassers say and ask at a door")->require_subcommand(1);

  CLI::App* set = script->add_subcommand("set", "Store a script's next version, which phones get from then on");
  set->footer(
      "Example:\n  snowfield script show --source > script.json   # begin with the one of now\n"
      "  snowfield script set script.json");
  set->add_option("FILE", order->file, "The script as JSON (docs/scripts.md)")->required();
  set->callback([&session, order] { session.run = [&session, order] { return Set(session, *order); }; });

  CLI::App* check = script->add_subcommand("check", "Say all that is wrong with a script, and store nothing");
  check->footer("Example:\n  snowfield script check script.json");
  check->add_option("FILE", order->file, "The script as JSON (docs/scripts.md)")->required();
  check->callback([&session, order] { session.run = [&session, order] { return Check(session, *order); }; });

  CLI::App* show = script->add_subcommand("show", "A script as a phone has it, or as it was written");
  show->footer("Example:\n  snowfield script show --language es-MX\n  snowfield script show --script 12 --source");
  show->add_option("--script", order->script_id, "Which version; the one of now where it is left out");
  show->add_option("--language", order->languages, "The best first");
  show->add_flag("--source", order->source, "As it was written, JSON");
  show->callback([&session, order] { session.run = [&session, order] { return Show(session, *order); }; });

  CLI::App* list = script->add_subcommand("list", "All versions, the newest first");
  list->footer("Example:\n  snowfield script list");
  list->callback([&session, order] { session.run = [&session, order] { return List(session, *order); }; });
}

}  // namespace snowfield::cli
