// OrganizingService: growing leaders.
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "services/organizing/growth_plan.h"
#include "services/organizing/member_growth.h"
#include "services/organizing/organizing_service.h"
#include "services/organizing/proposals.h"

namespace snowfield::organizing {

using db::RunInTransaction;
using db::Transaction;

grpc::Status OrganizingService::GetGrowthPlan(grpc::ServerContext* context, const v1::GetGrowthPlanRequest* request,
                                              v1::GetGrowthPlanResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response->mutable_plan(), RunInTransaction(*pool_, call.Scope(), [](Transaction& t) {
      return organizing::GetGrowthPlan(t);
    }));
    return absl::OkStatus();
  });
}

grpc::Status OrganizingService::SetGrowthPlan(grpc::ServerContext* context, const v1::SetGrowthPlanRequest* request,
                                              v1::SetGrowthPlanResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response->mutable_plan(), RunInTransaction(*pool_, call.Scope(), [&](Transaction& t) {
      return organizing::SetGrowthPlan(t, call.caller, request->plan());
    }));
    return absl::OkStatus();
  });
}

grpc::Status OrganizingService::GetMemberGrowth(grpc::ServerContext* context, const v1::GetMemberGrowthRequest* request,
                                                v1::GetMemberGrowthResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.Scope(), [&](Transaction& t) {
      return organizing::GetMemberGrowth(t, call.caller, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status OrganizingService::RecordStep(grpc::ServerContext* context, const v1::RecordStepRequest* request,
                                           v1::RecordStepResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.Scope(), [&](Transaction& t) {
      return organizing::RecordStep(t, call.caller, *request, clock_.Now());
    }));
    return absl::OkStatus();
  });
}

grpc::Status OrganizingService::RecordTraining(grpc::ServerContext* context, const v1::RecordTrainingRequest* request,
                                               v1::RecordTrainingResponse* /*response*/) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    return RunInTransaction(*pool_, call.Scope(), [&](Transaction& t) {
      return organizing::RecordTraining(t, call.caller, *request, clock_.Now());
    });
  });
}

grpc::Status OrganizingService::ListProposals(grpc::ServerContext* context, const v1::ListProposalsRequest* request,
                                              v1::ListProposalsResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, organizing::ListProposals(*pool_, call, *request, clock_.Now()));
    return absl::OkStatus();
  });
}

grpc::Status OrganizingService::DecideProposal(grpc::ServerContext* context, const v1::DecideProposalRequest* request,
                                               v1::DecideProposalResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, organizing::DecideProposal(*pool_, call, *request, clock_.Now()));
    return absl::OkStatus();
  });
}

}  // namespace snowfield::organizing
