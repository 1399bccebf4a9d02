#include "services/canvass/report_service.h"

#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "services/canvass/reports.h"

namespace snowfield::canvass {

grpc::Status ReportService::GetReport(grpc::ServerContext* context, const v1::GetReportRequest* request,
                                      v1::GetReportResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response,
                               db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                                 return canvass::GetReport(transaction, call.caller, *request, clock_.Now());
                               }));
    return absl::OkStatus();
  });
}

}  // namespace snowfield::canvass
