// FollowUpService: the work that knocks gave rise to (proto/snowfield/followup/v1/followup.proto).
// Thread safety: all RPCs from any thread.
#pragma once

#include "base/clock.h"
#include "db/pg/pool.h"
#include "services/access/gate.h"
#include "services/followup/queue.h"
#include "services/rpc/draining.h"
#include "snowfield/followup/v1/followup.grpc.pb.h"

namespace snowfield::followup {

class FollowUpService : public v1::FollowUpService::Service {
 public:
  // All must outlive the service.
  FollowUpService(const access::Gate& gate, db::Pool* pool, const base::Clock& clock,
                  const rpc::Draining& draining = rpc::Draining::Never())
      : gate_(gate), pool_(pool), clock_(clock), queue_(pool, clock, draining) {}

  grpc::Status ListFollowUps(grpc::ServerContext* context, const v1::ListFollowUpsRequest* request,
                             v1::ListFollowUpsResponse* response) override;
  grpc::Status CompleteFollowUp(grpc::ServerContext* context, const v1::CompleteFollowUpRequest* request,
                                v1::CompleteFollowUpResponse* response) override;
  grpc::Status ClaimFollowUps(grpc::ServerContext* context, const v1::ClaimFollowUpsRequest* request,
                              v1::ClaimFollowUpsResponse* response) override;
  grpc::Status RenewLeases(grpc::ServerContext* context, const v1::RenewLeasesRequest* request,
                           v1::RenewLeasesResponse* response) override;
  grpc::Status ReleaseLeases(grpc::ServerContext* context, const v1::ReleaseLeasesRequest* request,
                             v1::ReleaseLeasesResponse* response) override;
  grpc::Status CompleteFollowUps(grpc::ServerContext* context, const v1::CompleteFollowUpsRequest* request,
                                 v1::CompleteFollowUpsResponse* response) override;
  grpc::Status SnoozeFollowUp(grpc::ServerContext* context, const v1::SnoozeFollowUpRequest* request,
                              v1::SnoozeFollowUpResponse* response) override;
  grpc::Status ReassignFollowUp(grpc::ServerContext* context, const v1::ReassignFollowUpRequest* request,
                                v1::ReassignFollowUpResponse* response) override;
  grpc::Status GiveUpFollowUp(grpc::ServerContext* context, const v1::GiveUpFollowUpRequest* request,
                              v1::GiveUpFollowUpResponse* response) override;
  grpc::Status ReopenFollowUp(grpc::ServerContext* context, const v1::ReopenFollowUpRequest* request,
                              v1::ReopenFollowUpResponse* response) override;
  grpc::Status ListFollowUpEvents(grpc::ServerContext* context, const v1::ListFollowUpEventsRequest* request,
                                  v1::ListFollowUpEventsResponse* response) override;
  grpc::Status CreateRule(grpc::ServerContext* context, const v1::CreateRuleRequest* request,
                          v1::CreateRuleResponse* response) override;
  grpc::Status UpdateRule(grpc::ServerContext* context, const v1::UpdateRuleRequest* request,
                          v1::UpdateRuleResponse* response) override;
  grpc::Status GetContactLimits(grpc::ServerContext* context, const v1::GetContactLimitsRequest* request,
                                v1::GetContactLimitsResponse* response) override;
  grpc::Status SetContactLimits(grpc::ServerContext* context, const v1::SetContactLimitsRequest* request,
                                v1::SetContactLimitsResponse* response) override;
  grpc::Status ListHeldBack(grpc::ServerContext* context, const v1::ListHeldBackRequest* request,
                            v1::ListHeldBackResponse* response) override;
  grpc::Status GetAskBalance(grpc::ServerContext* context, const v1::GetAskBalanceRequest* request,
                             v1::GetAskBalanceResponse* response) override;
  grpc::Status TryRule(grpc::ServerContext* context, const v1::TryRuleRequest* request,
                       v1::TryRuleResponse* response) override;
  grpc::Status ListRules(grpc::ServerContext* context, const v1::ListRulesRequest* request,
                         v1::ListRulesResponse* response) override;

 private:
  const access::Gate& gate_;
  db::Pool* const pool_;
  const base::Clock& clock_;
  FollowUpQueue queue_;
};

}  // namespace snowfield::followup
