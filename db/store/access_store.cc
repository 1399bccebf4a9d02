#include "db/store/access_store.h"

#include "base/status.h"
#include "db/queries/access_queries.h"

namespace snowfield::db {

absl::StatusOr<base::CampaignId> NextCampaignId(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result next, transaction.Run(queries::kNextCampaignId));
  return next[0].Id<base::CampaignId>(0);
}

absl::StatusOr<base::MemberId> CreateCampaign(Transaction& transaction, const NewCampaign& campaign) {
  const auto id = [&] { return Params().Id(transaction.campaign()); };
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(queries::kInsertCampaign, id().Text(campaign.name).Int32(campaign.span)).status());
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kInsertCampaignSlots, id().Int32(campaign.span)).status());
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kInsertChangeCounter, id()).status());
  SNOWFIELD_ASSIGN_OR_RETURN(const Result owner,
                             transaction.Run(queries::kInsertOwner, id().Text(campaign.owner_name)));
  return owner[0].Id<base::MemberId>(0);
}

absl::StatusOr<std::string> CampaignName(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kCampaignName, Params().Id(transaction.campaign())));
  if (result.empty()) return base::NoSuch("", "the campaign is gone");
  return std::string(result[0].Text(0));
}

absl::StatusOr<std::optional<TokenOwner>> FindToken(Transaction& transaction, std::string_view hash) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.RunLast(queries::kFindToken, Params().Id(transaction.campaign()).Bytea(hash)));
  if (result.empty()) return std::nullopt;
  const Row row = result[0];
  return TokenOwner{.token = row.Id<base::TokenId>(0),
                    .member = row.Id<base::MemberId>(1),
                    .phone = row.Id<base::PhoneId>(2),
                    .role = std::string(row.Text(3)),
                    .held_to_branch = row.Bool(4),
                    .expire_time = row.Time(5),
                    .revoked = row.Bool(6)};
}

absl::StatusOr<base::TokenId> InsertToken(Transaction& transaction, const NewToken& token) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kInsertToken, Params()
                                                                                             .Id(transaction.campaign())
                                                                                             .Bytea(token.hash)
                                                                                             .Id(token.member)
                                                                                             .Id(token.phone)
                                                                                             .Text(token.label)
                                                                                             .Time(token.expire_time)));
  return result[0].Id<base::TokenId>(0);
}

absl::Status RevokeToken(Transaction& transaction, base::TokenId token) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kRevokeToken, Params().Id(transaction.campaign()).Id(token)));
  if (result.empty()) return base::NoSuch("token_id", "this campaign has no such token");
  return absl::OkStatus();
}

absl::Status InsertEnrolmentCode(Transaction& transaction, std::string_view hash, base::MemberId member,
                                 absl::Time expire_time) {
  return transaction
      .Run(queries::kInsertEnrolmentCode, Params().Id(transaction.campaign()).Bytea(hash).Id(member).Time(expire_time))
      .status();
}

absl::StatusOr<std::string> MemberRole(Transaction& transaction, base::MemberId member, std::string_view field) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kMemberRole, Params().Id(transaction.campaign()).Id(member)));
  if (result.empty()) return base::NoSuch(field, "this campaign has no such member");
  return std::string(result[0].Text(0));
}

absl::StatusOr<std::string> SetMemberAccess(Transaction& transaction, base::MemberId member,
                                            const MemberAccess& access) {
  const auto id = [&] { return Params().Id(transaction.campaign()); };
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kLockAccess, id()).status());
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string before, MemberRole(transaction, member));
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(queries::kSetMemberAccess, id().Id(member).Text(access.role).Bool(access.held_to_branch))
          .status());
  SNOWFIELD_ASSIGN_OR_RETURN(const Result owners, transaction.Run(queries::kHasOwner, id()));
  if (owners[0].Bool(0)) return before;
  return base::NotNow("LAST_OWNER", "a campaign needs an owner: make another member one first");
}

absl::StatusOr<bool> IsInBranch(Transaction& transaction, base::MemberId member, base::MemberId root) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kIsInBranch, Params().Id(transaction.campaign()).Id(member).Id(root)));
  return result[0].Bool(0);
}

absl::StatusOr<bool> IsOperatorToken(Transaction& transaction, std::string_view hash) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.RunLast(queries::kFindOperatorToken, Params().Bytea(hash)));
  return !result.empty();
}

absl::Status InsertOperatorToken(Transaction& transaction, std::string_view hash) {
  return transaction.Run(queries::kInsertOperatorToken, Params().Bytea(hash)).status();
}

}  // namespace snowfield::db
