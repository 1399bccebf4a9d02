// PaperService: walk lists on paper (proto/snowfield/paper/v1/paper.proto).
// Thread safety: all RPCs from any thread.
#pragma once

#include <utility>

#include "base/clock.h"
#include "db/pg/pool.h"
#include "services/access/gate.h"
#include "services/paper/posting.h"
#include "services/paper/scan_turns.h"
#include "snowfield/paper/v1/paper.grpc.pb.h"

namespace snowfield::paper {

class PaperService : public v1::PaperService::Service {
 public:
  // All must outlive the service. `store` brings knocks of paper to the canvass.
  PaperService(const access::Gate& gate, db::Pool* pool, const base::Clock& clock, StoreKnocks store)
      : gate_(gate), pool_(pool), clock_(clock), store_(std::move(store)) {}

  grpc::Status PrintPacket(grpc::ServerContext* context, const v1::PrintPacketRequest* request,
                           grpc::ServerWriter<v1::PrintPacketResponse>* writer) override;
  grpc::Status ListPackets(grpc::ServerContext* context, const v1::ListPacketsRequest* request,
                           v1::ListPacketsResponse* response) override;
  grpc::Status OpenBatch(grpc::ServerContext* context, const v1::OpenBatchRequest* request,
                         v1::OpenBatchResponse* response) override;
  grpc::Status ListBatches(grpc::ServerContext* context, const v1::ListBatchesRequest* request,
                           v1::ListBatchesResponse* response) override;
  grpc::Status GetBatch(grpc::ServerContext* context, const v1::GetBatchRequest* request,
                        v1::GetBatchResponse* response) override;
  grpc::Status ScanPage(grpc::ServerContext* context, const v1::ScanPageRequest* request,
                        v1::ScanPageResponse* response) override;
  grpc::Status KeyRow(grpc::ServerContext* context, const v1::KeyRowRequest* request,
                      v1::KeyRowResponse* response) override;
  grpc::Status FinishPage(grpc::ServerContext* context, const v1::FinishPageRequest* request,
                          v1::FinishPageResponse* response) override;
  grpc::Status FindDoors(grpc::ServerContext* context, const v1::FindDoorsRequest* request,
                         v1::FindDoorsResponse* response) override;
  grpc::Status WriteInRow(grpc::ServerContext* context, const v1::WriteInRowRequest* request,
                          v1::WriteInRowResponse* response) override;
  grpc::Status UndoEntry(grpc::ServerContext* context, const v1::UndoEntryRequest* request,
                         v1::UndoEntryResponse* response) override;
  grpc::Status MarkPageMissing(grpc::ServerContext* context, const v1::MarkPageMissingRequest* request,
                               v1::MarkPageMissingResponse* response) override;
  grpc::Status ListDifferences(grpc::ServerContext* context, const v1::ListDifferencesRequest* request,
                               v1::ListDifferencesResponse* response) override;
  grpc::Status JudgeRow(grpc::ServerContext* context, const v1::JudgeRowRequest* request,
                        v1::JudgeRowResponse* response) override;
  grpc::Status CloseBatch(grpc::ServerContext* context, const v1::CloseBatchRequest* request,
                          v1::CloseBatchResponse* response) override;
  grpc::Status ReopenBatch(grpc::ServerContext* context, const v1::ReopenBatchRequest* request,
                           v1::ReopenBatchResponse* response) override;
  grpc::Status ListPacketRows(grpc::ServerContext* context, const v1::ListPacketRowsRequest* request,
                              v1::ListPacketRowsResponse* response) override;
  grpc::Status KeyFile(grpc::ServerContext* context,
                       grpc::ServerReaderWriter<v1::KeyFileResponse, v1::KeyFileRequest>* stream) override;
  grpc::Status ReadPage(grpc::ServerContext* context, const v1::ReadPageRequest* request,
                        v1::ReadPageResponse* response) override;
  grpc::Status GetRowImage(grpc::ServerContext* context, const v1::GetRowImageRequest* request,
                           v1::GetRowImageResponse* response) override;

 private:
  const access::Gate& gate_;
  db::Pool* const pool_;
  const base::Clock& clock_;
  const StoreKnocks store_;
  ScanTurns scan_turns_;
};

}  // namespace snowfield::paper
