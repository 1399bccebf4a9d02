// ReportService: how the canvass goes (proto/snowfield/canvass/v1/report.proto).
// Thread safety: all RPCs from any thread.
#pragma once

#include "base/clock.h"
#include "db/pg/pool.h"
#include "services/access/gate.h"
#include "snowfield/canvass/v1/report.grpc.pb.h"

namespace snowfield::canvass {

class ReportService : public v1::ReportService::Service {
 public:
  // All must outlive the service.
  ReportService(const access::Gate& gate, db::Pool* pool, const base::Clock& clock)
      : gate_(gate), pool_(pool), clock_(clock) {}

  grpc::Status GetReport(grpc::ServerContext* context, const v1::GetReportRequest* request,
                         v1::GetReportResponse* response) override;

 private:
  const access::Gate& gate_;
  db::Pool* const pool_;
  const base::Clock& clock_;
};

}  // namespace snowfield::canvass
