// FollowUpService: the work that knocks gave rise to (proto/snowfield/followup/v1/followup.proto).
// Thread safety: all RPCs from any thread.
#pragma once

#include "base/clock.h"
#include "db/pg/pool.h"
#include "services/access/gate.h"
#include "snowfield/followup/v1/followup.grpc.pb.h"

namespace snowfield::followup {

class FollowUpService : public v1::FollowUpService::Service {
 public:
  // All must outlive the service.
  FollowUpService(const access::Gate& gate, db::Pool* pool, const base::Clock& clock)
      : gate_(gate), pool_(pool), clock_(clock) {}

  grpc::Status ListFollowUps(grpc::ServerContext* context, const v1::ListFollowUpsRequest* request,
                             v1::ListFollowUpsResponse* response) override;
  grpc::Status CompleteFollowUp(grpc::ServerContext* context, const v1::CompleteFollowUpRequest* request,
                                v1::CompleteFollowUpResponse* response) override;
  grpc::Status ListRules(grpc::ServerContext* context, const v1::ListRulesRequest* request,
                         v1::ListRulesResponse* response) override;

 private:
  const access::Gate& gate_;
  db::Pool* const pool_;
  const base::Clock& clock_;
};

}  // namespace snowfield::followup
