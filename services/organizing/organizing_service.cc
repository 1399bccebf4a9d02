#include "services/organizing/organizing_service.h"

#include <vector>

#include "base/status.h"
#include "db/store/member_store.h"
#include "services/organizing/members.h"
#include "services/rpc/paging.h"

namespace snowfield::organizing {
namespace {

// INTERNAL for a role that this server does not know.
absl::Status ToMessage(const db::MemberRow& row, v1::Member& member) {
  SNOWFIELD_ASSIGN_OR_RETURN(const access::v1::Role role, access::RoleFromName(row.role));
  member.set_member_id(row.id.value);
  member.set_display_name(row.display_name);
  member.set_role(role);
  member.set_leader_id(row.leader.value);
  member.set_depth(row.depth);
  member.set_slot(row.slot);
  member.set_team_size(row.team_size);
  if (row.home.has_value()) {
    member.mutable_home()->set_longitude(row.home->longitude_deg);
    member.mutable_home()->set_latitude(row.home->latitude_deg);
  }
  return absl::OkStatus();
}

}  // namespace

grpc::Status OrganizingService::CreateMember(grpc::ServerContext* context, const v1::CreateMemberRequest* request,
                                             v1::CreateMemberResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const MemberOrder order, ReadOrder(*request));
    SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow member, organizing::CreateMember(*pool_, call, order));
    return ToMessage(member, *response->mutable_member());
  });
}

grpc::Status OrganizingService::GetMember(grpc::ServerContext* context, const v1::GetMemberRequest* request,
                                          v1::GetMemberResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow member,
                               organizing::GetMember(*pool_, call, base::MemberId(request->member_id())));
    return ToMessage(member, *response->mutable_member());
  });
}

grpc::Status OrganizingService::ListMembers(grpc::ServerContext* context, const v1::ListMembersRequest* request,
                                            v1::ListMembersResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage("members", request->page_size(), request->page_token()));
    if (request->role() != access::v1::ROLE_UNSPECIFIED && access::RoleName(request->role()).empty()) {
      return base::InvalidField("role", "ROLE_UNKNOWN", "choose one of the roles, or leave it unset for all");
    }
    SNOWFIELD_ASSIGN_OR_RETURN(
        const std::vector<db::MemberRow> members,
        organizing::ListMembers(*pool_, call, {.leader = base::MemberId(request->leader_id()), .role = request->role()},
                                page));
    for (const db::MemberRow& member : members) {
      if (response->members_size() == page.size) {
        response->set_next_page_token(rpc::NextPageToken("members", response->members(page.size - 1).member_id()));
        break;
      }
      SNOWFIELD_RETURN_IF_ERROR(ToMessage(member, *response->add_members()));
    }
    return absl::OkStatus();
  });
}

grpc::Status OrganizingService::MoveMember(grpc::ServerContext* context, const v1::MoveMemberRequest* request,
                                           v1::MoveMemberResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow member,
                               organizing::MoveMember(*pool_, call,
                                                      {.member = base::MemberId(request->member_id()),
                                                       .new_leader = base::MemberId(request->new_leader_id())}));
    return ToMessage(member, *response->mutable_member());
  });
}

}  // namespace snowfield::organizing
