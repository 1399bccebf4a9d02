#include "db/store/sign_in_store.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/queries/sign_in_queries.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

IssuerRow ReadIssuer(const Row& row) {
  return {.id = row.Int64(0),
          .issuer = std::string(row.Text(1)),
          .audience = std::string(row.Text(2)),
          .member_claim = std::string(row.Text(3))};
}

}  // namespace

absl::Status SetIssuer(Transaction& transaction, const IssuerRow& issuer) {
  SNOWFIELD_RETURN_IF_ERROR(
      transaction
          .Run(queries::kSetSignInIssuer,
               Campaign(transaction).Text(issuer.issuer).Text(issuer.audience).Text(issuer.member_claim))
          .status());
  SNOWFIELD_ASSIGN_OR_RETURN(const Result count, transaction.Run(queries::kCountSignInIssuers, Campaign(transaction)));
  if (count[0].Int64(0) <= kIssuersMax) return absl::OkStatus();
  return base::Problem(absl::StatusCode::kResourceExhausted, "ISSUERS_EXHAUSTED", "issuer.issuer",
                       absl::StrCat("a campaign trusts at most ", kIssuersMax, " issuers: remove one first"));
}

absl::StatusOr<bool> RemoveIssuer(Transaction& transaction, const std::string& issuer) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kRemoveSignInIssuer, Campaign(transaction).Text(issuer)));
  return !result.empty();
}

absl::StatusOr<std::vector<IssuerRow>> ListIssuers(Transaction& transaction, int64_t after, int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kListSignInIssuers,
                                                                  Campaign(transaction).Int64(after).Int64(count_max)));
  std::vector<IssuerRow> issuers;
  for (const Row row : result) issuers.push_back(ReadIssuer(row));
  return issuers;
}

absl::StatusOr<std::optional<IssuerRow>> FindIssuer(Transaction& transaction, const std::string& issuer) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindSignInIssuer, Campaign(transaction).Text(issuer)));
  if (result.empty()) return std::optional<IssuerRow>();
  return std::optional<IssuerRow>(ReadIssuer(result[0]));
}

absl::StatusOr<std::optional<int64_t>> LinkSubject(Transaction& transaction, const SubjectRow& subject) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kLinkSignInSubject,
                      Campaign(transaction).Text(subject.issuer).Text(subject.subject).Id(subject.member)));
  if (result.empty()) return std::optional<int64_t>();
  return std::optional<int64_t>(result[0].Int64(0));
}

absl::StatusOr<bool> UnlinkSubject(Transaction& transaction, const std::string& issuer, const std::string& subject) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kUnlinkSignInSubject,
                                                                  Campaign(transaction).Text(issuer).Text(subject)));
  return !result.empty();
}

absl::StatusOr<std::vector<SubjectRow>> ListSubjects(Transaction& transaction, const SubjectPage& page) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result, transaction.Run(queries::kListSignInSubjects,
                                           Campaign(transaction).Int64(page.after).Id(page.member).Int64(page.limit)));
  std::vector<SubjectRow> subjects;
  for (const Row row : result) {
    subjects.push_back({.id = row.Int64(0),
                        .issuer = std::string(row.Text(1)),
                        .subject = std::string(row.Text(2)),
                        .member = row.Id<base::MemberId>(3)});
  }
  return subjects;
}

absl::StatusOr<std::optional<SignedInMember>> FindSignedInMember(Transaction& transaction, int64_t issuer_id,
                                                                 const std::string& subject) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kFindSignInMember, Campaign(transaction).Int64(issuer_id).Text(subject)));
  if (result.empty()) return std::optional<SignedInMember>();
  return std::optional<SignedInMember>({.member = result[0].Id<base::MemberId>(0),
                                        .role = std::string(result[0].Text(1)),
                                        .held_to_branch = result[0].Bool(2)});
}

}  // namespace snowfield::db
