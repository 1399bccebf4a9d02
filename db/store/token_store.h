// The tokens and phones that there are; db/store/access_store.h makes and revokes tokens.
// Thread safety: as the transaction's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

struct TokenRow {
  base::TokenId token;
  base::MemberId member;
  base::PhoneId phone;  // none where it is not a phone's
  std::string label;
  absl::Time create_time;
  absl::Time expire_time;
  std::optional<absl::Time> revoke_time;
};
struct PhoneRow {
  base::PhoneId phone;
  base::MemberId member;
  std::string label;
  absl::Time create_time;
  std::optional<absl::Time> revoke_time;
};

struct SecretPage {
  base::MemberId member;       // only this one's; none: all
  base::MemberId branch = {};  // phones only: only of those from this member downwards; none: everyone's
  int64_t after = 0;           // ids above this
  int limit = 0;
};
absl::StatusOr<std::vector<TokenRow>> ListTokens(Transaction& transaction, const SecretPage& page);
absl::StatusOr<std::vector<PhoneRow>> ListPhones(Transaction& transaction, const SecretPage& page);

// NOT_FOUND naming "phone_id".
absl::StatusOr<base::MemberId> FindPhoneOwner(Transaction& transaction, base::PhoneId phone);
// Its tokens are refused from now on. Repeating it does no harm.
absl::Status RevokePhone(Transaction& transaction, base::PhoneId phone);

}  // namespace snowfield::db
