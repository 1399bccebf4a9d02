// OrganizingService: small meetings.
#include "base/status.h"
#include "services/organizing/meetings.h"
#include "services/organizing/organizing_service.h"

namespace snowfield::organizing {

grpc::Status OrganizingService::CreateMeeting(grpc::ServerContext* context, const v1::CreateMeetingRequest* request,
                                              v1::CreateMeetingResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, organizing::CreateMeeting(*pool_, call, *request, clock_.Now()));
    return absl::OkStatus();
  });
}

grpc::Status OrganizingService::UpdateMeeting(grpc::ServerContext* context, const v1::UpdateMeetingRequest* request,
                                              v1::UpdateMeetingResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, organizing::UpdateMeeting(*pool_, call, *request, clock_.Now()));
    return absl::OkStatus();
  });
}

grpc::Status OrganizingService::GetMeeting(grpc::ServerContext* context, const v1::GetMeetingRequest* request,
                                           v1::GetMeetingResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, organizing::GetMeeting(*pool_, call, *request));
    return absl::OkStatus();
  });
}

grpc::Status OrganizingService::ListMeetings(grpc::ServerContext* context, const v1::ListMeetingsRequest* request,
                                             v1::ListMeetingsResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, organizing::ListMeetings(*pool_, call, *request, clock_.Now()));
    return absl::OkStatus();
  });
}

grpc::Status OrganizingService::InviteToMeeting(grpc::ServerContext* context, const v1::InviteToMeetingRequest* request,
                                                v1::InviteToMeetingResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, organizing::InviteToMeeting(*pool_, call, *request, clock_.Now()));
    return absl::OkStatus();
  });
}

grpc::Status OrganizingService::AnswerInvitation(grpc::ServerContext* context,
                                                 const v1::AnswerInvitationRequest* request,
                                                 v1::AnswerInvitationResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, organizing::AnswerInvitation(*pool_, call, *request, clock_.Now()));
    return absl::OkStatus();
  });
}

grpc::Status OrganizingService::RecordAttendance(grpc::ServerContext* context,
                                                 const v1::RecordAttendanceRequest* request,
                                                 v1::RecordAttendanceResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, organizing::RecordAttendance(*pool_, call, *request, clock_.Now()));
    return absl::OkStatus();
  });
}

grpc::Status OrganizingService::ExportMeeting(grpc::ServerContext* context, const v1::ExportMeetingRequest* request,
                                              v1::ExportMeetingResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, organizing::ExportMeeting(*pool_, call, *request, clock_.Now()));
    return absl::OkStatus();
  });
}

}  // namespace snowfield::organizing
