// ReviewService: what people decide about what came from the field (proto/snowfield/canvass/v1/review.proto).
// Thread safety: all RPCs from any thread.
#pragma once

#include <utility>

#include "base/clock.h"
#include "db/pg/pool.h"
#include "services/access/gate.h"
#include "services/canvass/judge_addition.h"
#include "snowfield/canvass/v1/review.grpc.pb.h"

namespace snowfield::canvass {

class ReviewService : public v1::ReviewService::Service {
 public:
  // All must outlive the service. `put_back` brings accepted doors into their turfs.
  ReviewService(const access::Gate& gate, db::Pool* pool, const base::Clock& clock, PutBackDoor put_back)
      : gate_(gate), pool_(pool), clock_(clock), put_back_(std::move(put_back)) {}

  grpc::Status ListFlaggedKnocks(grpc::ServerContext* context, const v1::ListFlaggedKnocksRequest* request,
                                 v1::ListFlaggedKnocksResponse* response) override;
  grpc::Status JudgeKnock(grpc::ServerContext* context, const v1::JudgeKnockRequest* request,
                          v1::JudgeKnockResponse* response) override;
  grpc::Status ListAdditions(grpc::ServerContext* context, const v1::ListAdditionsRequest* request,
                             v1::ListAdditionsResponse* response) override;
  grpc::Status JudgeAddition(grpc::ServerContext* context, const v1::JudgeAdditionRequest* request,
                             v1::JudgeAdditionResponse* response) override;
  grpc::Status GetEvidenceLimits(grpc::ServerContext* context, const v1::GetEvidenceLimitsRequest* request,
                                 v1::GetEvidenceLimitsResponse* response) override;
  grpc::Status SetEvidenceLimits(grpc::ServerContext* context, const v1::SetEvidenceLimitsRequest* request,
                                 v1::SetEvidenceLimitsResponse* response) override;

 private:
  const access::Gate& gate_;
  db::Pool* const pool_;
  const base::Clock& clock_;
  const PutBackDoor put_back_;
};

}  // namespace snowfield::canvass
