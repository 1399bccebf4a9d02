#include "services/organizing/members.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/character_count.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/pg/sqlstate.h"
#include "db/store/audit_store.h"
#include "db/store/tally_store.h"
#include "services/access/scope.h"
#include "services/organizing/branch_rights.h"
#include "services/organizing/tree_change.h"
#include "services/rpc/geometry.h"

namespace snowfield::organizing {
namespace {

absl::Status TeamFull(std::string_view field) {
  return base::Problem(absl::StatusCode::kFailedPrecondition, "TEAM_FULL", field,
                       "this team has no free place: choose a leader with one, or let a member of it lead");
}

absl::Status CheckName(const std::string& name) {
  const int64_t characters = base::CharacterCount(name);
  const bool plain = std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20; });
  if (plain && characters >= 1 && characters <= kMemberNameCharactersMax) return absl::OkStatus();
  return base::InvalidField(
      "display_name", "NAME_LENGTH",
      absl::StrCat("send 1 to ", kMemberNameCharactersMax, " characters without control characters"));
}

absl::StatusOr<db::MemberRow> Insert(db::Transaction& transaction, const access::Caller& caller,
                                     const MemberOrder& order) {
  db::NewMember member{.display_name = order.display_name,
                       .role = std::string(access::RoleName(order.role)),
                       .leader = order.leader,
                       .home_ewkb = order.home_ewkb,
                       .request = order.request};
  if (!member.leader) {
    SNOWFIELD_ASSIGN_OR_RETURN(member.leader, db::FindTopMember(transaction));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow leader, db::FindMember(transaction, member.leader, "leader_id"));
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, member.leader, "leader_id"));
  if (leader.leave_time.has_value()) {
    return base::Problem(absl::StatusCode::kFailedPrecondition, "MEMBER_LEFT", "leader_id",
                         "this leader has left the campaign: choose another");
  }
  if (!access::MayLead(leader.role)) {
    return base::InvalidField("leader_id", "NOT_A_LEADER",
                              "teams are led by leaders and those above: choose one of them");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto id, db::InsertMember(transaction, member));
  if (!id.has_value()) return TeamFull("leader_id");
  SNOWFIELD_RETURN_IF_ERROR(db::TouchMembers(transaction, {*id, member.leader}));
  SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction, {.member = caller.member,
                                                         .action = "member.create",
                                                         .subject_kind = "member",
                                                         .subject_id = id->value,
                                                         .detail_json = "{}"}));
  return db::FindMember(transaction, *id, "member_id");
}

// The member that this request has made, where it has.
absl::StatusOr<std::optional<db::MemberRow>> FindMade(db::Pool& pool, const access::Call& call,
                                                      const base::Uuid& request) {
  using Found = absl::StatusOr<std::optional<db::MemberRow>>;
  return db::RunInTransaction(pool, call.ReadScope(), [&](db::Transaction& transaction) -> Found {
    SNOWFIELD_ASSIGN_OR_RETURN(const auto id, db::FindMemberByRequest(transaction, request));
    if (!id.has_value()) return std::nullopt;
    SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, call.caller, *id, "request_id"));
    SNOWFIELD_ASSIGN_OR_RETURN(db::MemberRow member, db::FindMember(transaction, *id, "member_id"));
    return member;
  });
}

}  // namespace

absl::StatusOr<MemberOrder> ReadOrder(const v1::CreateMemberRequest& request) {
  MemberOrder order;
  SNOWFIELD_ASSIGN_OR_RETURN(order.request, base::Uuid::Parse(request.request_id(), "request_id"));
  SNOWFIELD_RETURN_IF_ERROR(CheckName(request.display_name()));
  if (access::RoleName(request.role()).empty()) {
    return base::InvalidField("role", "ROLE_UNKNOWN", "say which role the member has");
  }
  if (request.leader_id() < 0) {
    return base::InvalidField("leader_id", "LEADER_UNKNOWN", "send a member's id, or 0 for the campaign's owner");
  }
  order.display_name = request.display_name();
  order.role = request.role();
  order.leader = base::MemberId(request.leader_id());
  if (request.has_home()) {
    SNOWFIELD_ASSIGN_OR_RETURN(order.home_ewkb, rpc::ToEwkb(request.home(), "home"));
  }
  return order;
}

absl::StatusOr<db::MemberRow> CreateMember(db::Pool& pool, const access::Call& call, const MemberOrder& order) {
  if (!access::MayGive(call.caller, order.role)) {
    return base::Problem(absl::StatusCode::kPermissionDenied, "ROLE_ABOVE_YOURS", "role",
                         "this role may do what yours may not: ask someone who holds it");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto earlier, FindMade(pool, call, order.request));
  if (earlier.has_value()) return *earlier;
  auto made =
      RunOnTree(pool, call, [&](db::Transaction& transaction) { return Insert(transaction, call.caller, order); });
  if (db::ConstraintOf(made.status()) == "member_request_uk") {
    // The same request came twice at once; the other one made the member.
    SNOWFIELD_ASSIGN_OR_RETURN(const auto other, FindMade(pool, call, order.request));
    if (other.has_value()) return *other;
  }
  if (!made.ok()) return ExplainDepth(made.status(), "leader_id");
  return made;
}

absl::StatusOr<db::MemberRow> GetMember(db::Pool& pool, const access::Call& call, base::MemberId member) {
  return db::RunInTransaction(
      pool, call.ReadScope(), [&](db::Transaction& transaction) -> absl::StatusOr<db::MemberRow> {
        SNOWFIELD_ASSIGN_OR_RETURN(db::MemberRow row, db::FindMember(transaction, member, "member_id"));
        SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, call.caller, member, "member_id"));
        return row;
      });
}

absl::StatusOr<std::vector<db::MemberRow>> ListMembers(db::Pool& pool, const access::Call& call,
                                                       const MemberFilter& filter, const rpc::Page& page) {
  const db::MemberPage wanted{.branch = access::BranchRoot(call.caller),
                              .leader = filter.leader,
                              .role = std::string(access::RoleName(filter.role)),
                              .after = page.after,
                              .limit = page.size + 1};
  return db::RunInTransaction(
      pool, call.ReadScope(), [&](db::Transaction& transaction) -> absl::StatusOr<std::vector<db::MemberRow>> {
        if (filter.leader) {
          SNOWFIELD_RETURN_IF_ERROR(db::FindMember(transaction, filter.leader, "leader_id").status());
          SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, call.caller, filter.leader, "leader_id"));
        }
        return db::ListMembers(transaction, wanted);
      });
}

}  // namespace snowfield::organizing
