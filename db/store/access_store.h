// Campaigns, tokens, enrolment codes.
// Thread safety: as the transaction's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

struct NewCampaign {
  std::string name;
  int span = 8;
  std::string owner_name;
};

// An id for a campaign to be made; one that is never used does no harm.
absl::StatusOr<base::CampaignId> NextCampaignId(Transaction& transaction);
// Makes the campaign of the transaction's scope with its slots, its change counter and its owner; returns the owner.
absl::StatusOr<base::MemberId> CreateCampaign(Transaction& transaction, const NewCampaign& campaign);

absl::StatusOr<std::string> CampaignName(Transaction& transaction);

struct TokenOwner {
  base::TokenId token;
  base::MemberId member = {};
  base::PhoneId phone;
  std::string role;
  bool held_to_branch = false;
  absl::Time expire_time;
  bool revoked = false;
};
// The owner of a token, also of one that is expired or revoked; nothing where no token has this hash. The last
// statement of its transaction, which it commits.
absl::StatusOr<std::optional<TokenOwner>> FindToken(Transaction& transaction, std::string_view hash);

struct NewToken {
  std::string hash;  // 32 bytes
  base::MemberId member = {};
  base::PhoneId phone = {};  // none for a member's own
  std::string label = {};
  absl::Time expire_time;
};
// FAILED_PRECONDITION where the member or phone does not exist.
absl::StatusOr<base::TokenId> InsertToken(Transaction& transaction, const NewToken& token);
// NOT_FOUND where there is no such token. Repeating it does no harm.
absl::Status RevokeToken(Transaction& transaction, base::TokenId token);

absl::Status InsertEnrolmentCode(Transaction& transaction, std::string_view hash, base::MemberId member,
                                 absl::Time expire_time);

// The member's role as the database writes it; NOT_FOUND naming `field`.
absl::StatusOr<std::string> MemberRole(Transaction& transaction, base::MemberId member,
                                       std::string_view field = "member_id");
struct MemberAccess {
  std::string_view role;
  bool held_to_branch = false;
};
// What the member's role and scope were before. FAILED_PRECONDITION with reason LAST_OWNER where nobody else owns the
// campaign. Changes of access in a campaign are one at a time.
absl::StatusOr<std::string> SetMemberAccess(Transaction& transaction, base::MemberId member,
                                            const MemberAccess& access);
// Whether `member` is `root` or stands below them.
absl::StatusOr<bool> IsInBranch(Transaction& transaction, base::MemberId member, base::MemberId root);

// As FindToken.
absl::StatusOr<bool> IsOperatorToken(Transaction& transaction, std::string_view hash);
// Needs the owner's role, not the application's.
absl::Status InsertOperatorToken(Transaction& transaction, std::string_view hash);

}  // namespace snowfield::db
