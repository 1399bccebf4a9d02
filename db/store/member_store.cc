#include "db/store/member_store.h"

#include "base/status.h"
#include "db/pg/sqlstate.h"
#include "db/queries/member_queries.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

MemberRow ReadMember(const Row& row) {
  MemberRow member{.id = row.Id<base::MemberId>(0),
                   .display_name = std::string(row.Text(1)),
                   .role = std::string(row.Text(2)),
                   .leader = row.Id<base::MemberId>(3),
                   .depth = row.Int32(4),
                   .slot = row.OptionalInt32(5).value_or(0),
                   .home = std::nullopt,
                   .team_size = static_cast<int>(row.Int64(8)),
                   .leave_time = row.OptionalTime(9)};
  if (!row.IsNull(6)) member.home = {.longitude_deg = row.Double(6), .latitude_deg = row.Double(7)};
  return member;
}

absl::StatusOr<std::optional<base::MemberId>> OptionalMember(absl::StatusOr<Result> result) {
  if (!result.ok()) return result.status();
  if (result->empty()) return std::nullopt;
  return (*result)[0].Id<base::MemberId>(0);
}

}  // namespace

absl::StatusOr<std::optional<base::MemberId>> InsertMember(Transaction& transaction, const NewMember& member) {
  return OptionalMember(transaction.Run(queries::kInsertMember, Campaign(transaction)
                                                                    .Text(member.display_name)
                                                                    .Text(member.role)
                                                                    .Id(member.leader)
                                                                    .Ewkb(member.home_ewkb)
                                                                    .Uuid(member.request)));
}

absl::StatusOr<std::optional<base::MemberId>> FindMemberByRequest(Transaction& transaction, const base::Uuid& request) {
  return OptionalMember(transaction.Run(queries::kFindMemberByRequest, Campaign(transaction).Uuid(request)));
}

absl::StatusOr<MemberRow> FindMember(Transaction& transaction, base::MemberId member, std::string_view field) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindMember, Campaign(transaction).Id(member)));
  if (result.empty()) return base::NoSuch(field, "this campaign has no such member: list its members");
  return ReadMember(result[0]);
}

absl::StatusOr<base::MemberId> FindTopMember(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kFindTopMember, Campaign(transaction)));
  if (result.empty()) return base::NoSuch("leader_id", "this campaign has no members");
  return result[0].Id<base::MemberId>(0);
}

absl::StatusOr<std::vector<MemberRow>> ListMembers(Transaction& transaction, const MemberPage& page) {
  Params params = Campaign(transaction).Id(page.leader).Text(page.role).Int64(page.after).Int64(page.limit);
  if (page.branch) params.Id(page.branch);
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(page.branch ? queries::kListBranch : queries::kListMembers, params));
  std::vector<MemberRow> members;
  for (const Row& row : result) members.push_back(ReadMember(row));
  return members;
}

bool ClashedOnTree(const absl::Status& status) {
  const std::string constraint = ConstraintOf(status);
  return constraint == "member_slot_uk" || constraint == "member_leader_fk";
}

}  // namespace snowfield::db
