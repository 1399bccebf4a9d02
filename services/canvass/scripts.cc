#include "services/canvass/scripts.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/audit_store.h"
#include "db/store/script_store.h"
#include "services/canvass/script_check.h"
#include "services/rpc/timestamp.h"

namespace snowfield::canvass {
namespace {
constexpr size_t kProblemsInMessageMax = 3;

absl::Status Unsound(const std::vector<v1::ScriptProblem>& problems) {
  std::string message = "the script has problems (all of them: validate_only)";
  for (size_t i = 0; i < std::min(problems.size(), kProblemsInMessageMax); ++i) {
    absl::StrAppend(&message, "; ", problems[i].question(), problems[i].question().empty() ? "" : ": ",
                    problems[i].reason(), ", ", problems[i].message());
  }
  return base::InvalidField("script", "SCRIPT_UNSOUND", message);
}

v1::Script WithVersion(v1::Script script, const db::StoredScript& stored) {
  script.set_script_id(stored.script.value);
  script.set_version(stored.version);
  return script;
}

}  // namespace

absl::StatusOr<v1::SetScriptResponse> SetScript(db::Transaction& transaction, const access::Caller& caller,
                                                const v1::SetScriptRequest& request) {
  v1::SetScriptResponse response;
  const std::vector<v1::ScriptProblem> problems = CheckScript(request.script());
  if (request.validate_only()) {
    for (const v1::ScriptProblem& problem : problems) *response.add_problems() = problem;
    return response;
  }
  if (!problems.empty()) return Unsound(problems);
  db::NewScript script{.name = request.script().name(), .source = {}, .body = {}, .member = caller.member};
  SNOWFIELD_ASSIGN_OR_RETURN(script.source, ScriptToJson(request.script()));
  SNOWFIELD_ASSIGN_OR_RETURN(script.body, ScriptToJson(OnPhone(request.script(), request.script().languages(0))));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::StoredVersion stored, db::InsertScript(transaction, script));
  if (stored.is_new) {
    SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction, {.member = caller.member,
                                                           .action = "script.set",
                                                           .subject_kind = "script",
                                                           .subject_id = stored.script.value}));
  }
  response.set_script_id(stored.script.value);
  response.set_version(stored.version);
  return response;
}

absl::StatusOr<v1::GetScriptResponse> GetScript(db::Transaction& transaction, const v1::GetScriptRequest& request) {
  SNOWFIELD_RETURN_IF_ERROR(CheckLanguages(request.languages()));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::optional<db::StoredScript> stored,
                             db::FindScript(transaction, base::ScriptId(request.script_id())));
  if (!stored.has_value()) return base::NoSuch("script_id", "no such script: ListScripts names them");
  v1::GetScriptResponse response;
  response.set_script_id(stored->script.value);
  response.set_version(stored->version);
  *response.mutable_create_time() = rpc::ToTimestamp(stored->create_time);
  SNOWFIELD_RETURN_IF_ERROR(ScriptFromJson(stored->source, response.mutable_script()));
  *response.mutable_on_phone() =
      WithVersion(OnPhone(response.script(), ChooseLanguage(response.script(), request.languages())), *stored);
  return response;
}

absl::StatusOr<v1::ListScriptsResponse> ListScripts(db::Transaction& transaction, const rpc::Page& page) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::ScriptRow> scripts,
                             db::ListScripts(transaction, base::ScriptId(page.after), page.size + 1));
  v1::ListScriptsResponse response;
  for (const db::ScriptRow& script : scripts) {
    if (response.scripts_size() == page.size) {
      response.set_next_page_token(rpc::NextPageToken(kScriptsPage, response.scripts(page.size - 1).script_id()));
      break;
    }
    v1::ScriptSummary& out = *response.add_scripts();
    out.set_script_id(script.script.value);
    out.set_name(script.name);
    out.set_version(script.version);
    *out.mutable_create_time() = rpc::ToTimestamp(script.create_time);
    out.set_questions(script.questions);
    for (const std::string& language : script.languages) out.add_languages(language);
    out.set_knocks(script.knocks);
  }
  return response;
}

absl::StatusOr<v1::Script> ScriptForPhone(db::Transaction& transaction, const Languages& languages) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::optional<db::StoredScript> stored,
                             db::FindScript(transaction, base::ScriptId()));
  if (!stored.has_value()) return v1::Script();
  v1::ScriptDraft script;
  SNOWFIELD_RETURN_IF_ERROR(ScriptFromJson(stored->source, &script));
  return WithVersion(OnPhone(script, ChooseLanguage(script, languages)), *stored);
}

}  // namespace snowfield::canvass
