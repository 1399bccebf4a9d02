// CanvassService: what a phone does (proto/snowfield/canvass/v1/canvass.proto).
// Thread safety: all RPCs from any thread.
#pragma once

#include "base/clock.h"
#include "db/pg/pool.h"
#include "services/access/gate.h"
#include "services/canvass/intake.h"
#include "services/canvass/intake_metrics.h"
#include "services/canvass/upkeep.h"
#include "services/canvass/wait_changes.h"
#include "services/rpc/draining.h"
#include "snowfield/canvass/v1/canvass.grpc.pb.h"

namespace snowfield::canvass {

class CanvassService : public v1::CanvassService::Service {
 public:
  // All must outlive the service.
  CanvassService(const access::Gate& gate, db::Pool* pool, const base::Clock& clock, prometheus::Registry& metrics,
                 const rpc::Draining& draining = rpc::Draining::Never())
      : gate_(gate),
        pool_(pool),
        clock_(clock),
        intake_(pool, clock),
        intake_metrics_(metrics),
        waiters_(pool, bell_, draining),
        upkeep_(pool, clock) {}

  grpc::Status EnrolPhone(grpc::ServerContext* context, const v1::EnrolPhoneRequest* request,
                          v1::EnrolPhoneResponse* response) override;
  grpc::Status ListMyWalkLists(grpc::ServerContext* context, const v1::ListMyWalkListsRequest* request,
                               v1::ListMyWalkListsResponse* response) override;
  grpc::Status CheckOutWalkList(grpc::ServerContext* context, const v1::CheckOutWalkListRequest* request,
                                v1::CheckOutWalkListResponse* response) override;
  grpc::Status DownloadWalkList(grpc::ServerContext* context, const v1::DownloadWalkListRequest* request,
                                v1::DownloadWalkListResponse* response) override;
  grpc::Status SendKnocks(grpc::ServerContext* context, const v1::SendKnocksRequest* request,
                          v1::SendKnocksResponse* response) override;
  grpc::Status SendAdditions(grpc::ServerContext* context, const v1::SendAdditionsRequest* request,
                             v1::SendAdditionsResponse* response) override;
  grpc::Status ListChanges(grpc::ServerContext* context, const v1::ListChangesRequest* request,
                           v1::ListChangesResponse* response) override;
  grpc::Status WaitChanges(grpc::ServerContext* context, const v1::WaitChangesRequest* request,
                           v1::WaitChangesResponse* response) override;
  grpc::Status ReturnWalkList(grpc::ServerContext* context, const v1::ReturnWalkListRequest* request,
                              v1::ReturnWalkListResponse* response) override;
  grpc::Status GetResults(grpc::ServerContext* context, const v1::GetResultsRequest* request,
                          v1::GetResultsResponse* response) override;

 private:
  // After the commit.
  void TellOfChanges(base::CampaignId campaign);

  const access::Gate& gate_;
  db::Pool* const pool_;
  const base::Clock& clock_;
  Intake intake_;
  const IntakeMetrics intake_metrics_;
  ChangeBell bell_;
  ChangeWaiters waiters_;
  Upkeep upkeep_;
};

}  // namespace snowfield::canvass
