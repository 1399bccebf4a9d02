#include "db/store/token_store.h"

#include "base/status.h"
#include "db/queries/token_queries.h"

namespace snowfield::db {
namespace {
Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }
}  // namespace

absl::StatusOr<std::vector<TokenRow>> ListTokens(Transaction& transaction, const SecretPage& page) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListTokens, Campaign(transaction).Int64(page.after).Id(page.member).Int64(page.limit)));
  std::vector<TokenRow> tokens;
  for (const Row row : result) {
    tokens.push_back({.token = row.Id<base::TokenId>(0),
                      .member = row.Id<base::MemberId>(1),
                      .phone = row.Id<base::PhoneId>(2),
                      .label = std::string(row.Text(3)),
                      .create_time = row.Time(4),
                      .expire_time = row.Time(5),
                      .revoke_time = row.OptionalTime(6)});
  }
  return tokens;
}

absl::StatusOr<std::vector<PhoneRow>> ListPhones(Transaction& transaction, const SecretPage& page) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListPhones,
                      Campaign(transaction).Int64(page.after).Id(page.member).Id(page.branch).Int64(page.limit)));
  std::vector<PhoneRow> phones;
  for (const Row row : result) {
    phones.push_back({.phone = row.Id<base::PhoneId>(0),
                      .member = row.Id<base::MemberId>(1),
                      .label = std::string(row.Text(2)),
                      .create_time = row.Time(3),
                      .revoke_time = row.OptionalTime(4)});
  }
  return phones;
}

absl::StatusOr<base::MemberId> FindPhoneOwner(Transaction& transaction, base::PhoneId phone) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindPhoneOwner, Campaign(transaction).Id(phone)));
  if (result.empty()) return base::NoSuch("phone_id", "this campaign has no such phone: list its phones");
  return result[0].Id<base::MemberId>(0);
}

absl::Status RevokePhone(Transaction& transaction, base::PhoneId phone) {
  return transaction.Run(queries::kRevokePhone, Campaign(transaction).Id(phone)).status();
}

}  // namespace snowfield::db
