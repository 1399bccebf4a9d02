#include "services/turf/turf_service.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/cut_store.h"
#include "db/store/turf_store.h"
#include "db/store/walk_list_store.h"
#include "geo/cut/regions.h"
#include "services/access/scope.h"
#include "services/rpc/geometry.h"
#include "services/rpc/paging.h"
#include "services/turf/assign_turfs.h"
#include "services/turf/diff_cut.h"
#include "services/turf/held_doors.h"
#include "services/turf/publish_cut.h"
#include "services/turf/start_cut.h"
#include "services/turf/wire.h"

namespace snowfield::turf {
namespace {

CutRunnerOptions OptionsOfThisMachine() {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  CutRunnerOptions options;
  options.threads_per_cut = std::clamp(cores / options.at_once, 1, geo::kCutThreadsMax);
  return options;
}

// Cuts are listed from the newest; one that lost its server is marked first, so that the list does not say it runs.
absl::StatusOr<std::vector<db::CutRow>> ReadCuts(db::Pool& pool, const access::Call& call, const rpc::Page& page) {
  const auto read = [&](db::Transaction& transaction) { return db::ListCuts(transaction, page.after, page.size + 1); };
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<db::CutRow> cuts, db::RunInTransaction(pool, call.ReadScope(), read));
  const bool any_running =
      std::any_of(cuts.begin(), cuts.end(), [](const db::CutRow& cut) { return cut.state == db::kCutRunning; });
  if (!any_running) return cuts;
  return db::RunInTransaction(pool, call.Scope(),
                              [&](db::Transaction& transaction) -> absl::StatusOr<std::vector<db::CutRow>> {
                                SNOWFIELD_RETURN_IF_ERROR(SettleDeadCuts(transaction));
                                return read(transaction);
                              });
}

// Where a cut stands that this server does not work on: as the server that does wrote last, or how it ended.
absl::StatusOr<v1::WatchCutResponse> ReadStanding(db::Pool& pool, const access::Call& call, base::CutId cut) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::CutRow row, turf::GetCut(pool, call, cut));
  v1::WatchCutResponse standing;
  if (row.state == db::kCutRunning) {
    standing.set_stage(row.stage);
    standing.set_fraction(row.fraction);
    return standing;
  }
  standing.set_fraction(1);
  SNOWFIELD_RETURN_IF_ERROR(ToMessage(row, *standing.mutable_cut()));
  return standing;
}

// The next turfs of an export, whole. Each read has its own transaction: turfs of a finished cut do not change, and a
// slow client holds no connection.
absl::StatusOr<std::vector<v1::ExportTurfsResponse>> ReadExport(db::Pool& pool, const access::Call& call,
                                                                const db::TurfPage& page) {
  std::vector<db::TurfRow> turfs;
  std::vector<db::TurfDoorRow> doors;
  SNOWFIELD_RETURN_IF_ERROR(
      db::RunInTransaction(pool, call.ReadScope(), [&](db::Transaction& transaction) -> absl::Status {
        SNOWFIELD_ASSIGN_OR_RETURN(turfs, db::ListTurfShapes(transaction, page));
        std::vector<base::TurfId> ids;
        for (const db::TurfRow& turf : turfs) ids.push_back(turf.id);
        SNOWFIELD_ASSIGN_OR_RETURN(doors, db::ListTurfDoors(transaction, ids));
        return absl::OkStatus();
      }));
  std::vector<v1::ExportTurfsResponse> responses;
  for (const db::TurfRow& turf : turfs) {
    v1::ExportTurfsResponse& response = responses.emplace_back();
    SNOWFIELD_RETURN_IF_ERROR(ToMessage(turf, *response.mutable_turf()));
    SNOWFIELD_ASSIGN_OR_RETURN(*response.mutable_area(), rpc::MultiPolygonFromEwkb(turf.area_ewkb));
    SNOWFIELD_ASSIGN_OR_RETURN(*response.mutable_walk(), rpc::LineFromEwkb(turf.walk_ewkb));
    // Doors come by turf id.
    const auto by_turf = [](const db::TurfDoorRow& door, base::TurfId id) { return door.turf < id; };
    auto door = std::lower_bound(doors.begin(), doors.end(), turf.id, by_turf);
    for (; door != doors.end() && door->turf == turf.id; ++door) ToMessage(*door, *response.add_doors());
  }
  return responses;
}

}  // namespace

TurfService::TurfService(const access::Gate& gate, db::Pool* pool, TurfEditor* editor)
    : gate_(gate), pool_(pool), runner_(pool, OptionsOfThisMachine(), RunCut), editor_(editor) {}

TurfService::TurfService(const access::Gate& gate, db::Pool* pool, const CutRunnerOptions& options,
                         CutRunner::Work work)
    : gate_(gate),
      pool_(pool),
      runner_(pool, options, std::move(work)),
      own_editor_(std::make_unique<TurfEditor>(pool, options.threads_per_cut)),
      editor_(own_editor_.get()) {}

grpc::Status TurfService::StartCut(grpc::ServerContext* context, const v1::StartCutRequest* request,
                                   v1::StartCutResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const CutOrder order, ReadOrder(*request));
    SNOWFIELD_ASSIGN_OR_RETURN(const db::CutRow cut, turf::StartCut(*pool_, runner_, call, order));
    return ToMessage(cut, *response->mutable_cut());
  });
}

grpc::Status TurfService::WatchCut(grpc::ServerContext* context, const v1::WatchCutRequest* request,
                                   grpc::ServerWriter<v1::WatchCutResponse>* writer) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    const base::CutId cut(request->cut_id());
    v1::WatchCutResponse sent;
    while (!call.cancelled() && absl::Now() < call.deadline) {
      v1::WatchCutResponse standing;
      const auto here = runner_.Find(call.caller.campaign, cut);
      if (here.has_value()) {
        standing.set_stage(std::string(here->stage));
        standing.set_fraction(here->fraction);
      } else {
        SNOWFIELD_ASSIGN_OR_RETURN(standing, ReadStanding(*pool_, call, cut));
      }
      if (standing.has_cut()) {
        writer->Write(standing);
        return absl::OkStatus();
      }
      if (standing.stage() != sent.stage() || standing.fraction() != sent.fraction()) {
        if (!writer->Write(standing)) break;
        sent = standing;
      }
      absl::SleepFor(here.has_value() ? kWatchEvery : kWatchElsewhereEvery);
    }
    return absl::CancelledError("the watcher has gone; the cut goes on");
  });
}

grpc::Status TurfService::CancelCut(grpc::ServerContext* context, const v1::CancelCutRequest* request,
                                    v1::CancelCutResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::CutRow cut,
                               turf::CancelCut(*pool_, runner_, call, base::CutId(request->cut_id())));
    return ToMessage(cut, *response->mutable_cut());
  });
}

grpc::Status TurfService::GetCut(grpc::ServerContext* context, const v1::GetCutRequest* request,
                                 v1::GetCutResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::CutRow cut, turf::GetCut(*pool_, call, base::CutId(request->cut_id())));
    return ToMessage(cut, *response->mutable_cut());
  });
}

grpc::Status TurfService::ListCuts(grpc::ServerContext* context, const v1::ListCutsRequest* request,
                                   v1::ListCutsResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage("cuts", request->page_size(), request->page_token()));
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::CutRow> cuts, ReadCuts(*pool_, call, page));
    for (const db::CutRow& cut : cuts) {
      if (response->cuts_size() == page.size) {
        response->set_next_page_token(rpc::NextPageToken("cuts", response->cuts(page.size - 1).cut_id()));
        break;
      }
      SNOWFIELD_RETURN_IF_ERROR(ToMessage(cut, *response->add_cuts()));
    }
    return absl::OkStatus();
  });
}

grpc::Status TurfService::ListCutProblems(grpc::ServerContext* context, const v1::ListCutProblemsRequest* request,
                                          v1::ListCutProblemsResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, turf::ListCutProblems(*pool_, call, *request));
    return absl::OkStatus();
  });
}

grpc::Status TurfService::ListHeldDoors(grpc::ServerContext* context, const v1::ListHeldDoorsRequest* request,
                                        v1::ListHeldDoorsResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response,
                               db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                                 return turf::ListHeldDoors(transaction, *request);
                               }));
    return absl::OkStatus();
  });
}

grpc::Status TurfService::DiffCut(grpc::ServerContext* context, const v1::DiffCutRequest* request,
                                  v1::DiffCutResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage(kDiffList, request->page_size(), request->page_token()));
    const DiffOrder order{.cut = base::CutId(request->cut_id()),
                          .against = base::CutId(request->against_cut_id()),
                          .changed_only = request->changed_only(),
                          .page = page};
    SNOWFIELD_ASSIGN_OR_RETURN(*response, turf::DiffCut(*pool_, call, order));
    return absl::OkStatus();
  });
}

grpc::Status TurfService::PublishCut(grpc::ServerContext* context, const v1::PublishCutRequest* request,
                                     v1::PublishCutResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(
        const Publication publication,
        turf::PublishCut(*pool_, call,
                         {.cut = base::CutId(request->cut_id()), .keep_assignments = request->keep_assignments()}));
    response->set_superseded_cut_id(publication.row.superseded.value);
    response->set_revoked_walk_lists(publication.row.revoked_walk_lists);
    response->set_renewed_walk_lists(publication.row.renewed_walk_lists);
    response->set_kept_walk_lists(publication.row.kept_walk_lists);
    return ToMessage(publication.cut, *response->mutable_cut());
  });
}

grpc::Status TurfService::ListTurfs(grpc::ServerContext* context, const v1::ListTurfsRequest* request,
                                    v1::ListTurfsResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage("turfs", request->page_size(), request->page_token()));
    const base::CutId cut(request->cut_id());
    SNOWFIELD_ASSIGN_OR_RETURN(
        const std::vector<db::TurfRow> turfs,
        db::RunInTransaction(
            *pool_, call.ReadScope(), [&](db::Transaction& transaction) -> absl::StatusOr<std::vector<db::TurfRow>> {
              SNOWFIELD_RETURN_IF_ERROR(db::FindCut(transaction, cut).status());
              return db::ListTurfs(transaction, {.cut = cut, .after = page.after, .limit = page.size + 1});
            }));
    for (const db::TurfRow& turf : turfs) {
      if (response->turfs_size() == page.size) {
        response->set_next_page_token(rpc::NextPageToken("turfs", response->turfs(page.size - 1).number()));
        break;
      }
      SNOWFIELD_RETURN_IF_ERROR(ToMessage(turf, *response->add_turfs()));
    }
    return absl::OkStatus();
  });
}

grpc::Status TurfService::ExportTurfs(grpc::ServerContext* context, const v1::ExportTurfsRequest* request,
                                      grpc::ServerWriter<v1::ExportTurfsResponse>* writer) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    db::TurfPage page{.cut = base::CutId(request->cut_id()), .after = 0, .limit = kExportTurfsPerRead};
    SNOWFIELD_ASSIGN_OR_RETURN(const db::CutRow cut, turf::GetCut(*pool_, call, page.cut));
    SNOWFIELD_RETURN_IF_ERROR(CheckHasTurfs(cut));
    for (;;) {
      SNOWFIELD_ASSIGN_OR_RETURN(const auto turfs, ReadExport(*pool_, call, page));
      for (const v1::ExportTurfsResponse& turf : turfs) {
        if (!writer->Write(turf)) return absl::CancelledError("the reader has gone");
      }
      if (turfs.size() < static_cast<size_t>(page.limit)) return absl::OkStatus();
      page.after = turfs.back().turf().number();
    }
  });
}

grpc::Status TurfService::SelectDoors(grpc::ServerContext* context, const v1::SelectDoorsRequest* request,
                                      v1::SelectDoorsResponse* response) {
  return gate_.Serve(*context, *request,
                     [&](const access::Call& call) { return editor_->Select(call, *request, *response); });
}

grpc::Status TurfService::PreviewEdit(grpc::ServerContext* context, const v1::PreviewEditRequest* request,
                                      v1::PreviewEditResponse* response) {
  return gate_.Serve(*context, *request,
                     [&](const access::Call& call) { return editor_->Preview(call, *request, *response); });
}

grpc::Status TurfService::ApplyEdit(grpc::ServerContext* context, const v1::ApplyEditRequest* request,
                                    v1::ApplyEditResponse* response) {
  return gate_.Serve(*context, *request,
                     [&](const access::Call& call) { return editor_->Apply(call, *request, *response); });
}

grpc::Status TurfService::UndoEdit(grpc::ServerContext* context, const v1::UndoEditRequest* request,
                                   v1::UndoEditResponse* response) {
  return gate_.Serve(*context, *request,
                     [&](const access::Call& call) { return editor_->Undo(call, *request, *response); });
}

grpc::Status TurfService::ListEdits(grpc::ServerContext* context, const v1::ListEditsRequest* request,
                                    v1::ListEditsResponse* response) {
  return gate_.Serve(*context, *request,
                     [&](const access::Call& call) { return editor_->List(call, *request, *response); });
}

grpc::Status TurfService::ListEditMoves(grpc::ServerContext* context, const v1::ListEditMovesRequest* request,
                                        v1::ListEditMovesResponse* response) {
  return gate_.Serve(*context, *request,
                     [&](const access::Call& call) { return editor_->ListMoves(call, *request, *response); });
}

grpc::Status TurfService::AssignTurfs(grpc::ServerContext* context, const v1::AssignTurfsRequest* request,
                                      v1::AssignTurfsResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    HandAssignment assignment{.leader = base::MemberId(request->leader_id()), .turfs = {}};
    for (const int64_t turf : request->turf_ids()) assignment.turfs.emplace_back(turf);
    SNOWFIELD_ASSIGN_OR_RETURN(const auto assignments, turf::AssignTurfs(*pool_, call, assignment));
    for (const db::AssignmentRow& row : assignments) ToMessage(row, *response->add_assignments());
    return absl::OkStatus();
  });
}

grpc::Status TurfService::AssignByNearness(grpc::ServerContext* context, const v1::AssignByNearnessRequest* request,
                                           v1::AssignByNearnessResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    NearnessOrder order{.cut = base::CutId(request->cut_id()),
                        .leaders = {},
                        .turfs_per_leader_max = request->turfs_per_leader_max() == 0 ? geo::kRegionTurfsDefault
                                                                                     : request->turfs_per_leader_max()};
    for (const int64_t leader : request->leader_ids()) order.leaders.emplace_back(leader);
    SNOWFIELD_ASSIGN_OR_RETURN(const NearnessOutcome outcome, turf::AssignByNearness(*pool_, call, order));
    response->set_assigned(outcome.assigned);
    response->set_unassigned(outcome.unassigned);
    return absl::OkStatus();
  });
}

grpc::Status TurfService::ListAssignments(grpc::ServerContext* context, const v1::ListAssignmentsRequest* request,
                                          v1::ListAssignmentsResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage("assignments", request->page_size(), request->page_token()));
    const db::AssignmentPage wanted{.cut = base::CutId(request->cut_id()),
                                    .leader = base::MemberId(request->leader_id()),
                                    .branch = access::BranchRoot(call.caller),
                                    .after = page.after,
                                    .limit = page.size + 1};
    SNOWFIELD_ASSIGN_OR_RETURN(
        const std::vector<db::AssignmentRow> assignments,
        db::RunInTransaction(*pool_, call.ReadScope(),
                             [&](db::Transaction& transaction) -> absl::StatusOr<std::vector<db::AssignmentRow>> {
                               SNOWFIELD_RETURN_IF_ERROR(db::FindCut(transaction, wanted.cut).status());
                               if (wanted.leader) {
                                 SNOWFIELD_RETURN_IF_ERROR(
                                     access::CheckInScope(transaction, call.caller, wanted.leader, "leader_id"));
                               }
                               return db::ListAssignments(transaction, wanted);
                             }));
    for (const db::AssignmentRow& row : assignments) {
      if (response->assignments_size() == page.size) {
        const int last = response->assignments(page.size - 1).turf_number();
        response->set_next_page_token(rpc::NextPageToken("assignments", last));
        break;
      }
      ToMessage(row, *response->add_assignments());
    }
    return absl::OkStatus();
  });
}

}  // namespace snowfield::turf
