// Sign-in by OpenID Connect: the issuers that a campaign trusts, and which of their subjects are which members.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

inline constexpr int kIssuersMax = 8;

struct IssuerRow {
  int64_t id = 0;
  std::string issuer;
  std::string audience;
  std::string member_claim;
};
// Adds it, or changes the one of this name. RESOURCE_EXHAUSTED with reason ISSUERS_EXHAUSTED above kIssuersMax.
absl::Status SetIssuer(Transaction& transaction, const IssuerRow& issuer);
// False where there was none. Its subjects go with it.
absl::StatusOr<bool> RemoveIssuer(Transaction& transaction, const std::string& issuer);
absl::StatusOr<std::vector<IssuerRow>> ListIssuers(Transaction& transaction, int64_t after, int count_max);
absl::StatusOr<std::optional<IssuerRow>> FindIssuer(Transaction& transaction, const std::string& issuer);

struct SubjectRow {
  int64_t id = 0;
  std::string issuer;
  std::string subject;
  base::MemberId member;
};
// Links it, or moves the link. Nothing where the campaign does not trust the issuer.
absl::StatusOr<std::optional<int64_t>> LinkSubject(Transaction& transaction, const SubjectRow& subject);
// False where there was no such link.
absl::StatusOr<bool> UnlinkSubject(Transaction& transaction, const std::string& issuer, const std::string& subject);
struct SubjectPage {
  base::MemberId member;  // none: all
  int64_t after = 0;
  int limit = 0;
};
absl::StatusOr<std::vector<SubjectRow>> ListSubjects(Transaction& transaction, const SubjectPage& page);

struct SignedInMember {
  base::MemberId member;
  std::string role;
  bool held_to_branch = false;
};
// Nothing for a subject that is linked to nobody, or to one who has left.
absl::StatusOr<std::optional<SignedInMember>> FindSignedInMember(Transaction& transaction, int64_t issuer_id,
                                                                 const std::string& subject);

}  // namespace snowfield::db
