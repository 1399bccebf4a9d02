// TurfService: cuts, turfs and who has them (proto/snowfield/turf/v1/turf.proto).
// Thread safety: all RPCs from any thread. It runs the cuts it starts; they end with it.
#pragma once

#include <memory>

#include "absl/time/time.h"
#include "db/pg/pool.h"
#include "services/access/gate.h"
#include "services/turf/cut_runner.h"
#include "services/turf/edit_turfs.h"
#include "snowfield/turf/v1/turf.grpc.pb.h"

namespace snowfield::turf {

// How often WatchCut looks at a cut of this server, and at one of another.
inline constexpr absl::Duration kWatchEvery = absl::Milliseconds(200);
inline constexpr absl::Duration kWatchElsewhereEvery = absl::Seconds(1);
// Turfs that ExportTurfs reads at once.
inline constexpr int kExportTurfsPerRead = 50;

class TurfService : public v1::TurfService::Service {
 public:
  // Cuts on all of the machine's cores. The editor may serve others too, and must outlive the service.
  TurfService(const access::Gate& gate, db::Pool* pool, TurfEditor* editor);
  // With an editor of its own.
  TurfService(const access::Gate& gate, db::Pool* pool, const CutRunnerOptions& options, CutRunner::Work work = RunCut);

  grpc::Status StartCut(grpc::ServerContext* context, const v1::StartCutRequest* request,
                        v1::StartCutResponse* response) override;
  grpc::Status WatchCut(grpc::ServerContext* context, const v1::WatchCutRequest* request,
                        grpc::ServerWriter<v1::WatchCutResponse>* writer) override;
  grpc::Status CancelCut(grpc::ServerContext* context, const v1::CancelCutRequest* request,
                         v1::CancelCutResponse* response) override;
  grpc::Status GetCut(grpc::ServerContext* context, const v1::GetCutRequest* request,
                      v1::GetCutResponse* response) override;
  grpc::Status ListCuts(grpc::ServerContext* context, const v1::ListCutsRequest* request,
                        v1::ListCutsResponse* response) override;
  grpc::Status ListCutProblems(grpc::ServerContext* context, const v1::ListCutProblemsRequest* request,
                               v1::ListCutProblemsResponse* response) override;
  grpc::Status ListHeldDoors(grpc::ServerContext* context, const v1::ListHeldDoorsRequest* request,
                             v1::ListHeldDoorsResponse* response) override;
  grpc::Status DiffCut(grpc::ServerContext* context, const v1::DiffCutRequest* request,
                       v1::DiffCutResponse* response) override;
  grpc::Status PublishCut(grpc::ServerContext* context, const v1::PublishCutRequest* request,
                          v1::PublishCutResponse* response) override;
  grpc::Status ListTurfs(grpc::ServerContext* context, const v1::ListTurfsRequest* request,
                         v1::ListTurfsResponse* response) override;
  grpc::Status ExportTurfs(grpc::ServerContext* context, const v1::ExportTurfsRequest* request,
                           grpc::ServerWriter<v1::ExportTurfsResponse>* writer) override;
  grpc::Status SelectDoors(grpc::ServerContext* context, const v1::SelectDoorsRequest* request,
                           v1::SelectDoorsResponse* response) override;
  grpc::Status PreviewEdit(grpc::ServerContext* context, const v1::PreviewEditRequest* request,
                           v1::PreviewEditResponse* response) override;
  grpc::Status ApplyEdit(grpc::ServerContext* context, const v1::ApplyEditRequest* request,
                         v1::ApplyEditResponse* response) override;
  grpc::Status UndoEdit(grpc::ServerContext* context, const v1::UndoEditRequest* request,
                        v1::UndoEditResponse* response) override;
  grpc::Status ListEdits(grpc::ServerContext* context, const v1::ListEditsRequest* request,
                         v1::ListEditsResponse* response) override;
  grpc::Status ListEditMoves(grpc::ServerContext* context, const v1::ListEditMovesRequest* request,
                             v1::ListEditMovesResponse* response) override;
  grpc::Status AssignTurfs(grpc::ServerContext* context, const v1::AssignTurfsRequest* request,
                           v1::AssignTurfsResponse* response) override;
  grpc::Status AssignByNearness(grpc::ServerContext* context, const v1::AssignByNearnessRequest* request,
                                v1::AssignByNearnessResponse* response) override;
  grpc::Status ListAssignments(grpc::ServerContext* context, const v1::ListAssignmentsRequest* request,
                               v1::ListAssignmentsResponse* response) override;

 private:
  const access::Gate& gate_;
  db::Pool* const pool_;
  CutRunner runner_;
  std::unique_ptr<TurfEditor> own_editor_;  // may be none
  TurfEditor* const editor_;
};

}  // namespace snowfield::turf
