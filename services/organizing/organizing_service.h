// OrganizingService: the snowflake and its teams (proto/snowfield/organizing/v1/organizing.proto). Its methods
// stand by subject in organizing_service*.cc.
// Thread safety: all RPCs from any thread.
#pragma once

#include "base/clock.h"
#include "db/pg/pool.h"
#include "services/access/gate.h"
#include "snowfield/organizing/v1/organizing.grpc.pb.h"

namespace snowfield::organizing {

class OrganizingService : public v1::OrganizingService::Service {
 public:
  // All must outlive the service.
  OrganizingService(const access::Gate& gate, db::Pool* pool, const base::Clock& clock = base::Clock::System())
      : gate_(gate), pool_(pool), clock_(clock) {}

  grpc::Status CreateMember(grpc::ServerContext* context, const v1::CreateMemberRequest* request,
                            v1::CreateMemberResponse* response) override;
  grpc::Status GetMember(grpc::ServerContext* context, const v1::GetMemberRequest* request,
                         v1::GetMemberResponse* response) override;
  grpc::Status ListMembers(grpc::ServerContext* context, const v1::ListMembersRequest* request,
                           v1::ListMembersResponse* response) override;
  grpc::Status MoveMember(grpc::ServerContext* context, const v1::MoveMemberRequest* request,
                          v1::MoveMemberResponse* response) override;
  grpc::Status StepDown(grpc::ServerContext* context, const v1::StepDownRequest* request,
                        v1::StepDownResponse* response) override;
  grpc::Status RemoveMember(grpc::ServerContext* context, const v1::RemoveMemberRequest* request,
                            v1::RemoveMemberResponse* response) override;
  grpc::Status MergeTeams(grpc::ServerContext* context, const v1::MergeTeamsRequest* request,
                          v1::MergeTeamsResponse* response) override;
  grpc::Status SplitTeam(grpc::ServerContext* context, const v1::SplitTeamRequest* request,
                         v1::SplitTeamResponse* response) override;
  grpc::Status GetRollUp(grpc::ServerContext* context, const v1::GetRollUpRequest* request,
                         v1::GetRollUpResponse* response) override;
  grpc::Status GetLeaderHome(grpc::ServerContext* context, const v1::GetLeaderHomeRequest* request,
                             v1::GetLeaderHomeResponse* response) override;
  grpc::Status GetGrowthPlan(grpc::ServerContext* context, const v1::GetGrowthPlanRequest* request,
                             v1::GetGrowthPlanResponse* response) override;
  grpc::Status SetGrowthPlan(grpc::ServerContext* context, const v1::SetGrowthPlanRequest* request,
                             v1::SetGrowthPlanResponse* response) override;
  grpc::Status GetMemberGrowth(grpc::ServerContext* context, const v1::GetMemberGrowthRequest* request,
                               v1::GetMemberGrowthResponse* response) override;
  grpc::Status RecordStep(grpc::ServerContext* context, const v1::RecordStepRequest* request,
                          v1::RecordStepResponse* response) override;
  grpc::Status RecordTraining(grpc::ServerContext* context, const v1::RecordTrainingRequest* request,
                              v1::RecordTrainingResponse* response) override;
  grpc::Status ListProposals(grpc::ServerContext* context, const v1::ListProposalsRequest* request,
                             v1::ListProposalsResponse* response) override;
  grpc::Status DecideProposal(grpc::ServerContext* context, const v1::DecideProposalRequest* request,
                              v1::DecideProposalResponse* response) override;
  grpc::Status CreateMeeting(grpc::ServerContext* context, const v1::CreateMeetingRequest* request,
                             v1::CreateMeetingResponse* response) override;
  grpc::Status UpdateMeeting(grpc::ServerContext* context, const v1::UpdateMeetingRequest* request,
                             v1::UpdateMeetingResponse* response) override;
  grpc::Status GetMeeting(grpc::ServerContext* context, const v1::GetMeetingRequest* request,
                          v1::GetMeetingResponse* response) override;
  grpc::Status ListMeetings(grpc::ServerContext* context, const v1::ListMeetingsRequest* request,
                            v1::ListMeetingsResponse* response) override;
  grpc::Status InviteToMeeting(grpc::ServerContext* context, const v1::InviteToMeetingRequest* request,
                               v1::InviteToMeetingResponse* response) override;
  grpc::Status AnswerInvitation(grpc::ServerContext* context, const v1::AnswerInvitationRequest* request,
                                v1::AnswerInvitationResponse* response) override;
  grpc::Status RecordAttendance(grpc::ServerContext* context, const v1::RecordAttendanceRequest* request,
                                v1::RecordAttendanceResponse* response) override;
  grpc::Status ExportMeeting(grpc::ServerContext* context, const v1::ExportMeetingRequest* request,
                             v1::ExportMeetingResponse* response) override;

 private:
  const access::Gate& gate_;
  db::Pool* const pool_;
  const base::Clock& clock_;
};

}  // namespace snowfield::organizing
