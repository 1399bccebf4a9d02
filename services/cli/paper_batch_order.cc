#include "services/cli/paper_batch_order.h"

#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "base/uuid.h"
#include "services/cli/call.h"
#include "services/rpc/timestamp.h"
#include "snowfield/access/v1/access.grpc.pb.h"
#include "snowfield/paper/v1/paper.grpc.pb.h"

namespace snowfield::cli {
namespace {
namespace pb = paper::v1;
using pb::PaperService;

// The newest open batch of sheets of whoever calls; 0 where there is none.
absl::StatusOr<int64_t> MyOpenBatch(const Session& session) {
  SNOWFIELD_ASSIGN_OR_RETURN(const access::v1::WhoAmIResponse me,
                             CallOnce(session, access::v1::WhoAmIRequest(), &access::v1::AccessService::Stub::WhoAmI));
  pb::ListBatchesRequest request;
  request.set_state(pb::BATCH_STATE_OPEN);
  request.set_member_id(me.member_id());
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::ListBatchesResponse response,
                             CallOnce(session, request, &PaperService::Stub::ListBatches));
  for (const pb::Batch& batch : response.batches()) {
    if (batch.delivery().empty()) return batch.batch_id();
  }
  return 0;
}

}  // namespace

absl::StatusOr<absl::Time> WalkTime(const std::string& walked) {
  if (walked.empty()) {
    const absl::TimeZone here = absl::LocalTimeZone();
    return absl::FromCivil(absl::ToCivilDay(absl::Now(), here), here);
  }
  absl::Time time;
  std::string error;
  for (const char* form : {"%Y-%m-%d %H:%M", "%Y-%m-%d"}) {
    if (absl::ParseTime(form, walked, absl::LocalTimeZone(), &time, &error)) return time;
  }
  return base::InvalidField("--walked", "TIME_INVALID", "say the day, or when the walk began: 2026-11-25 17:30");
}

absl::StatusOr<pb::Batch> OpenNewBatch(const Session& session, const BatchOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const absl::Time walk_time, WalkTime(order.walked));
  pb::OpenBatchRequest request;
  request.set_request_id(base::Uuid::Random().ToString());
  *request.mutable_walk_time() = rpc::ToTimestamp(walk_time);
  request.set_walker_id(order.walker_id);
  request.set_second_entry(order.twice);
  SNOWFIELD_ASSIGN_OR_RETURN(pb::OpenBatchResponse response,
                             CallOnce(session, request, &PaperService::Stub::OpenBatch));
  return response.batch();
}

absl::StatusOr<int64_t> BatchOfOrder(const Session& session, const BatchOrder& order) {
  if (order.batch_id != 0) return order.batch_id;
  if (!order.begin_new) {
    SNOWFIELD_ASSIGN_OR_RETURN(const int64_t open, MyOpenBatch(session));
    if (open != 0) return open;
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::Batch batch, OpenNewBatch(session, order));
  return batch.batch_id();
}

void AddWalkOptions(CLI::App& verb, BatchOrder& order) {
  verb.add_option("--walked", order.walked, "The day, or when the walk began: 2026-11-25 17:30 (today)");
  verb.add_option("--walker", order.walker_id, "The member who walked (each list's leader)");
  verb.add_flag("--twice", order.twice, "Every row is keyed twice, by two people");
}

void AddBatchOptions(CLI::App& verb, BatchOrder& order) {
  AddWalkOptions(verb, order);
  verb.add_option("--batch", order.batch_id, "Which batch (the newest you have open, or a new one)");
  verb.add_flag("--new", order.begin_new, "Open a new batch, whatever is open");
}

}  // namespace snowfield::cli
