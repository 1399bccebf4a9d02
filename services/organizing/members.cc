#include "services/organizing/members.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/pg/sqlstate.h"
#include "db/store/access_store.h"
#include "db/store/audit_store.h"
#include "services/rpc/geometry.h"

namespace snowfield::organizing {
namespace {

using access::v1::Role;

absl::Status Denied(std::string_view reason, std::string_view field, std::string_view message) {
  return base::Problem(absl::StatusCode::kPermissionDenied, reason, field, message);
}

absl::Status TeamFull(std::string_view field) {
  return base::Problem(absl::StatusCode::kFailedPrecondition, "TEAM_FULL", field,
                       "this team has no free place: choose a leader with one, or let a member of it lead");
}

absl::Status CheckName(const std::string& name) {
  const auto characters = std::count_if(name.begin(), name.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; });
  const bool plain = std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20; });
  if (plain && characters >= 1 && characters <= kMemberNameCharactersMax) return absl::OkStatus();
  return base::InvalidField(
      "display_name", "NAME_LENGTH",
      absl::StrCat("send 1 to ", kMemberNameCharactersMax, " characters without control characters"));
}

// Roles stand in the order of what they may do. A leader's people knock on doors or lead; clerks and viewers see the
// whole campaign, so staff make them.
bool MayGive(Role caller, Role role) {
  if (caller == access::v1::ROLE_LEADER) {
    return role == access::v1::ROLE_LEADER || role == access::v1::ROLE_CANVASSER;
  }
  return role >= caller;
}

absl::Status CheckInBranch(db::Transaction& transaction, const access::Caller& caller, base::MemberId member,
                           std::string_view field) {
  if (caller.role != access::v1::ROLE_LEADER) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(const bool inside, db::IsInBranch(transaction, member, caller.member));
  if (inside) return absl::OkStatus();
  return Denied("NOT_YOUR_BRANCH", field, "this member is not on your team or below it: ask their leader");
}

// Runs `work` again while others change the same part of the tree.
template <typename Work>
std::invoke_result_t<Work, db::Transaction&> RunOnTree(db::Pool& pool, const access::Call& call, Work work) {
  for (int attempt = 1;; ++attempt) {
    auto outcome = db::RunInTransaction(pool, call.Scope(), work);
    if (outcome.ok() || attempt == kTreeAttemptsMax || !db::ClashedOnTree(outcome.status())) return outcome;
  }
}

absl::Status TooDeep(const absl::Status& status, std::string_view field) {
  if (db::ConstraintOf(status) != "member_depth_ck") return status;
  return base::Problem(absl::StatusCode::kFailedPrecondition, "TREE_TOO_DEEP", field,
                       absl::StrCat("nobody stands more than ", db::kMemberDepthMax,
                                    " levels below the top: choose a leader further up"));
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
  SNOWFIELD_RETURN_IF_ERROR(db::FindMember(transaction, member.leader, "leader_id").status());
  SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, caller, member.leader, "leader_id"));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto id, db::InsertMember(transaction, member));
  if (!id.has_value()) return TeamFull("leader_id");
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
    SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, call.caller, *id, "request_id"));
    SNOWFIELD_ASSIGN_OR_RETURN(db::MemberRow member, db::FindMember(transaction, *id, "member_id"));
    return member;
  });
}

absl::StatusOr<db::MemberRow> Move(db::Transaction& transaction, const access::Caller& caller,
                                   const db::BranchMove& move) {
  SNOWFIELD_RETURN_IF_ERROR(db::LockMoves(transaction));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow member, db::FindMember(transaction, move.member, "member_id"));
  SNOWFIELD_RETURN_IF_ERROR(db::FindMember(transaction, move.new_leader, "new_leader_id").status());
  SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, caller, move.member, "member_id"));
  SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, caller, move.new_leader, "new_leader_id"));
  if (member.leader == move.new_leader) return member;
  SNOWFIELD_ASSIGN_OR_RETURN(const bool below, db::IsInBranch(transaction, move.new_leader, move.member));
  if (below) {
    return base::Problem(absl::StatusCode::kFailedPrecondition, "WOULD_CYCLE", "new_leader_id",
                         "the new leader stands below this member: move the new leader up first");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const bool moved, db::MoveBranch(transaction, move));
  if (!moved) return TeamFull("new_leader_id");
  SNOWFIELD_RETURN_IF_ERROR(
      db::WriteAudit(transaction, {.member = caller.member,
                                   .action = "member.move",
                                   .subject_kind = "member",
                                   .subject_id = move.member.value,
                                   .detail_json = absl::StrCat("{\"from_leader_id\":", member.leader.value,
                                                               ",\"to_leader_id\":", move.new_leader.value, "}")}));
  return db::FindMember(transaction, move.member, "member_id");
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
  if (!MayGive(call.caller.role, order.role)) {
    return Denied("ROLE_ABOVE_YOURS", "role", "this role may do what yours may not: ask someone who holds it");
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
  if (!made.ok()) return TooDeep(made.status(), "leader_id");
  return made;
}

absl::StatusOr<db::MemberRow> GetMember(db::Pool& pool, const access::Call& call, base::MemberId member) {
  return db::RunInTransaction(
      pool, call.ReadScope(), [&](db::Transaction& transaction) -> absl::StatusOr<db::MemberRow> {
        SNOWFIELD_ASSIGN_OR_RETURN(db::MemberRow row, db::FindMember(transaction, member, "member_id"));
        SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, call.caller, member, "member_id"));
        return row;
      });
}

absl::StatusOr<std::vector<db::MemberRow>> ListMembers(db::Pool& pool, const access::Call& call,
                                                       const MemberFilter& filter, const rpc::Page& page) {
  const bool own_branch = call.caller.role == access::v1::ROLE_LEADER;
  const db::MemberPage wanted{.branch = own_branch ? call.caller.member : base::MemberId(),
                              .leader = filter.leader,
                              .role = std::string(access::RoleName(filter.role)),
                              .after = page.after,
                              .limit = page.size + 1};
  return db::RunInTransaction(
      pool, call.ReadScope(), [&](db::Transaction& transaction) -> absl::StatusOr<std::vector<db::MemberRow>> {
        if (filter.leader) {
          SNOWFIELD_RETURN_IF_ERROR(db::FindMember(transaction, filter.leader, "leader_id").status());
          SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, call.caller, filter.leader, "leader_id"));
        }
        return db::ListMembers(transaction, wanted);
      });
}

absl::StatusOr<db::MemberRow> MoveMember(db::Pool& pool, const access::Call& call, const db::BranchMove& move) {
  auto moved =
      RunOnTree(pool, call, [&](db::Transaction& transaction) { return Move(transaction, call.caller, move); });
  if (!moved.ok()) return TooDeep(moved.status(), "new_leader_id");
  return moved;
}

}  // namespace snowfield::organizing
