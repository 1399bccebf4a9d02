#include "db/store/script_store.h"

#include "db/queries/script_queries.h"

namespace snowfield::db {

absl::Status InstallDefaultScript(Transaction& transaction) {
  return transaction.Run(queries::kInstallDefaultScript, Params().Id(transaction.campaign())).status();
}

absl::StatusOr<std::string> CurrentScript(Transaction& transaction) {
  absl::StatusOr<Result> result = transaction.Run(queries::kCurrentScript, Params().Id(transaction.campaign()));
  if (!result.ok()) return result.status();
  return result->empty() ? std::string() : std::string((*result)[0].Text(0));
}

}  // namespace snowfield::db
