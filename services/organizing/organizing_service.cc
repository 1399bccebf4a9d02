#include "services/organizing/organizing_service.h"

#include <vector>

#include "base/status.h"
#include "db/store/member_store.h"
#include "services/organizing/members.h"
#include "services/organizing/wire.h"
#include "services/rpc/paging.h"

namespace snowfield::organizing {

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

}  // namespace snowfield::organizing
