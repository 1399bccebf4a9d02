#include "db/store/script_store.h"

#include "base/status.h"
#include "db/queries/script_queries.h"

namespace snowfield::db {

absl::Status InstallDefaultScript(Transaction& transaction) {
  return transaction.Run(queries::kInstallDefaultScript, Params().Id(transaction.campaign())).status();
}

absl::StatusOr<ScriptBody> CurrentScript(Transaction& transaction) {
  absl::StatusOr<Result> result = transaction.Run(queries::kCurrentScript, Params().Id(transaction.campaign()));
  if (!result.ok()) return result.status();
  if (result->empty()) return ScriptBody();
  return ScriptBody{.script = (*result)[0].Id<base::ScriptId>(0), .body = std::string((*result)[0].Text(1))};
}

absl::StatusOr<std::optional<StoredScript>> FindScript(Transaction& transaction, base::ScriptId script) {
  const Params campaign = Params().Id(transaction.campaign());
  absl::StatusOr<Result> result = script ? transaction.Run(queries::kFindScript, Params(campaign).Id(script))
                                         : transaction.Run(queries::kNewestScript, campaign);
  if (!result.ok()) return result.status();
  if (result->empty()) return std::optional<StoredScript>();
  const Row row = (*result)[0];
  return std::make_optional(StoredScript{.script = row.Id<base::ScriptId>(0),
                                         .name = std::string(row.Text(1)),
                                         .version = row.Int32(2),
                                         .source = std::string(row.Text(3)),
                                         .create_time = row.Time(4)});
}

absl::StatusOr<std::vector<std::pair<base::ScriptId, std::string>>> FindScriptBodies(
    Transaction& transaction, const std::vector<base::ScriptId>& scripts) {
  std::vector<std::pair<base::ScriptId, std::string>> bodies;
  if (scripts.empty()) return bodies;
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kFindScriptBodies,
                                                                  Params().Id(transaction.campaign()).Ids(scripts)));
  for (const Row row : result) bodies.emplace_back(row.Id<base::ScriptId>(0), std::string(row.Text(1)));
  return bodies;
}

absl::StatusOr<StoredVersion> InsertScript(Transaction& transaction, const NewScript& script) {
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kLockScripts, Params().Id(transaction.campaign())).status());
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result newest,
      transaction.Run(queries::kNewestScriptIs, Params().Id(transaction.campaign()).Text(script.source)));
  if (!newest.empty()) {
    return StoredVersion{.script = newest[0].Id<base::ScriptId>(0), .version = newest[0].Int32(1), .is_new = false};
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Result made, transaction.Run(queries::kInsertScript, Params()
                                                                                            .Id(transaction.campaign())
                                                                                            .Text(script.name)
                                                                                            .Text(script.source)
                                                                                            .Text(script.body)
                                                                                            .Id(script.member)));
  return StoredVersion{.script = made[0].Id<base::ScriptId>(0), .version = made[0].Int32(1), .is_new = true};
}

absl::StatusOr<std::vector<ScriptRow>> ListScripts(Transaction& transaction, base::ScriptId below, int count_max) {
  // Not Id(): none is 0 here, and no null.
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListScripts, Params().Id(transaction.campaign()).Int64(below.value).Int32(count_max)));
  std::vector<ScriptRow> scripts;
  for (const Row row : result) {
    scripts.push_back({.script = row.Id<base::ScriptId>(0),
                       .name = std::string(row.Text(1)),
                       .version = row.Int32(2),
                       .create_time = row.Time(3),
                       .questions = row.Int32(4),
                       .languages = row.Texts(5),
                       .knocks = row.Int64(6)});
  }
  return scripts;
}

}  // namespace snowfield::db
