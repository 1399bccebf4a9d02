// OrganizingService: changes of teams.
#include "base/status.h"
#include "services/organizing/members.h"
#include "services/organizing/organizing_service.h"
#include "services/organizing/teams.h"
#include "services/organizing/wire.h"

namespace snowfield::organizing {
namespace {

using base::MemberId;

// The member as they stand after the change. Read by the right of having been allowed to change them: one who was just
// moved may be in another's branch now.
absl::Status ReadMember(db::Pool& pool, const access::Call& call, int64_t member_id, v1::Member& message) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow row,
                             db::RunInTransaction(pool, call.ReadScope(), [&](db::Transaction& transaction) {
                               return db::FindMember(transaction, MemberId(member_id), "member_id");
                             }));
  return ToMessage(row, message);
}

}  // namespace

grpc::Status OrganizingService::MoveMember(grpc::ServerContext* context, const v1::MoveMemberRequest* request,
                                           v1::MoveMemberResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const TreeChange change,
                               organizing::MoveMember(*pool_, call,
                                                      {.member = MemberId(request->member_id()),
                                                       .new_leader = MemberId(request->new_leader_id()),
                                                       .without_people = request->without_people(),
                                                       .validate_only = request->validate_only()}));
    ToMessage(change, *response->mutable_change());
    return ReadMember(*pool_, call, request->member_id(), *response->mutable_member());
  });
}

grpc::Status OrganizingService::StepDown(grpc::ServerContext* context, const v1::StepDownRequest* request,
                                         v1::StepDownResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const TreeChange change, EndLeading(*pool_, call,
                                                                   {.ending = Ending::kStepsDown,
                                                                    .member = MemberId(request->member_id()),
                                                                    .successor = MemberId(request->successor_id()),
                                                                    .validate_only = request->validate_only()}));
    ToMessage(change, *response->mutable_change());
    return ReadMember(*pool_, call, request->member_id(), *response->mutable_member());
  });
}

grpc::Status OrganizingService::RemoveMember(grpc::ServerContext* context, const v1::RemoveMemberRequest* request,
                                             v1::RemoveMemberResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const TreeChange change, EndLeading(*pool_, call,
                                                                   {.ending = Ending::kLeaves,
                                                                    .member = MemberId(request->member_id()),
                                                                    .successor = MemberId(request->successor_id()),
                                                                    .validate_only = request->validate_only()}));
    ToMessage(change, *response->mutable_change());
    return ReadMember(*pool_, call, request->member_id(), *response->mutable_member());
  });
}

grpc::Status OrganizingService::MergeTeams(grpc::ServerContext* context, const v1::MergeTeamsRequest* request,
                                           v1::MergeTeamsResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    if (request->into_leader_id() == 0) {
      return base::InvalidField("into_leader_id", "LEADER_UNKNOWN", "say who leads both teams then");
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const TreeChange change, EndLeading(*pool_, call,
                                                                   {.ending = Ending::kMerges,
                                                                    .member = MemberId(request->from_leader_id()),
                                                                    .successor = MemberId(request->into_leader_id()),
                                                                    .validate_only = request->validate_only()}));
    ToMessage(change, *response->mutable_change());
    return ReadMember(*pool_, call, request->into_leader_id(), *response->mutable_leader());
  });
}

grpc::Status OrganizingService::SplitTeam(grpc::ServerContext* context, const v1::SplitTeamRequest* request,
                                          v1::SplitTeamResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SplitOrder order{.leader = MemberId(request->leader_id()),
                     .new_leader = MemberId(request->new_leader_id()),
                     .followers = {},
                     .under = MemberId(request->new_leader_under_id()),
                     .validate_only = request->validate_only()};
    for (const int64_t follower : request->follower_ids()) order.followers.emplace_back(follower);
    SNOWFIELD_ASSIGN_OR_RETURN(const TreeChange change, organizing::SplitTeam(*pool_, call, order));
    ToMessage(change, *response->mutable_change());
    return ReadMember(*pool_, call, request->new_leader_id(), *response->mutable_new_leader());
  });
}

}  // namespace snowfield::organizing
