#include "services/paper/paper_service.h"

#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "services/paper/batches.h"
#include "services/paper/file/file_run.h"
#include "services/paper/file/template.h"
#include "services/paper/keying.h"
#include "services/paper/packets.h"
#include "services/paper/scanning.h"

namespace snowfield::paper {
namespace {
constexpr size_t kChunkBytes = 64 * 1024;

// What is keyed may become a knock: rows are looked up by their keys, as knocks are.
db::Scope KnockScope(const access::Call& call) {
  db::Scope scope = call.Scope();
  scope.look_ups = true;
  return scope;
}

using FileStream = grpc::ServerReaderWriter<v1::KeyFileResponse, v1::KeyFileRequest>;

absl::Status KeyFileRows(db::Pool& pool, const access::Call& call, const StoreKnocks& store, absl::Time now,
                         FileStream& stream) {
  v1::KeyFileRequest request;
  if (!stream.Read(&request) || !request.has_header()) {
    return base::InvalidField("header", "HEADER_MISSING", "send the header in the first message");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const std::unique_ptr<FileRun> run,
                             FileRun::Start(pool, call, request.header(), store, now,
                                            [&](const v1::KeyFileResponse& answer) { return stream.Write(answer); }));
  SNOWFIELD_RETURN_IF_ERROR(run->Take(request));
  while (stream.Read(&request)) {
    if (request.has_header()) {
      return base::InvalidField("header", "HEADER_REPEATED", "send the header once: another file is a call of its own");
    }
    SNOWFIELD_RETURN_IF_ERROR(run->Take(request));
  }
  // The stream ends in the same way when the client half-closes and when it is lost.
  if (call.cancelled()) return absl::CancelledError("the caller has gone; what was keyed so far stays");
  v1::KeyFileResponse answer;
  *answer.mutable_summary() = run->Finish();
  stream.Write(answer);
  return absl::OkStatus();
}
}  // namespace

grpc::Status PaperService::PrintPacket(grpc::ServerContext* context, const v1::PrintPacketRequest* request,
                                       grpc::ServerWriter<v1::PrintPacketResponse>* writer) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const PrintedPacket printed, Print(*pool_, call, *request, clock_.Now()));
    v1::PrintPacketResponse response;
    *response.mutable_packet() = printed.packet;
    for (size_t at = 0; at < printed.pdf.size(); at += kChunkBytes) {
      response.set_pdf(printed.pdf.substr(at, kChunkBytes));
      if (!writer->Write(response)) return absl::CancelledError("the client has gone; the packet is kept");
      response.clear_packet();
    }
    return absl::OkStatus();
  });
}

grpc::Status PaperService::ListPackets(grpc::ServerContext* context, const v1::ListPacketsRequest* request,
                                       v1::ListPacketsResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response,
                               db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                                 return List(transaction, call.caller, *request);
                               }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::OpenBatch(grpc::ServerContext* context, const v1::OpenBatchRequest* request,
                                     v1::OpenBatchResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) {
      return paper::OpenBatch(transaction, call.caller, *request, clock_.Now());
    }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::ListBatches(grpc::ServerContext* context, const v1::ListBatchesRequest* request,
                                       v1::ListBatchesResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response,
                               db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                                 return paper::ListBatches(transaction, call.caller, *request);
                               }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::GetBatch(grpc::ServerContext* context, const v1::GetBatchRequest* request,
                                    v1::GetBatchResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response,
                               db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                                 return paper::GetBatch(transaction, call.caller, *request);
                               }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::ScanPage(grpc::ServerContext* context, const v1::ScanPageRequest* request,
                                    v1::ScanPageResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) {
      return paper::ScanPage(transaction, {call.caller, store_, clock_.Now()}, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::KeyRow(grpc::ServerContext* context, const v1::KeyRowRequest* request,
                                  v1::KeyRowResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response,
                               db::RunInTransaction(*pool_, KnockScope(call), [&](db::Transaction& transaction) {
                                 return paper::KeyRow(transaction, {call.caller, store_, clock_.Now()}, *request);
                               }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::FinishPage(grpc::ServerContext* context, const v1::FinishPageRequest* request,
                                      v1::FinishPageResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) {
      return paper::FinishPage(transaction, {call.caller, store_, clock_.Now()}, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::FindDoors(grpc::ServerContext* context, const v1::FindDoorsRequest* request,
                                     v1::FindDoorsResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response,
                               db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                                 return paper::FindDoors(transaction, {call.caller, store_, clock_.Now()}, *request);
                               }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::WriteInRow(grpc::ServerContext* context, const v1::WriteInRowRequest* request,
                                      v1::WriteInRowResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) {
      return paper::WriteInRow(transaction, {call.caller, store_, clock_.Now()}, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::UndoEntry(grpc::ServerContext* context, const v1::UndoEntryRequest* request,
                                     v1::UndoEntryResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) {
      return paper::UndoEntry(transaction, {call.caller, store_, clock_.Now()}, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::MarkPageMissing(grpc::ServerContext* context, const v1::MarkPageMissingRequest* request,
                                           v1::MarkPageMissingResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) {
      return paper::MarkPageMissing(transaction, {call.caller, store_, clock_.Now()}, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::ListDifferences(grpc::ServerContext* context, const v1::ListDifferencesRequest* request,
                                           v1::ListDifferencesResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(
        *response, db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
          return paper::ListDifferences(transaction, {call.caller, store_, clock_.Now()}, *request);
        }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::JudgeRow(grpc::ServerContext* context, const v1::JudgeRowRequest* request,
                                    v1::JudgeRowResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response,
                               db::RunInTransaction(*pool_, KnockScope(call), [&](db::Transaction& transaction) {
                                 return paper::JudgeRow(transaction, {call.caller, store_, clock_.Now()}, *request);
                               }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::CloseBatch(grpc::ServerContext* context, const v1::CloseBatchRequest* request,
                                      v1::CloseBatchResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response,
                               db::RunInTransaction(*pool_, KnockScope(call), [&](db::Transaction& transaction) {
                                 return paper::CloseBatch(transaction, call.caller, *request, store_, clock_.Now());
                               }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::ReopenBatch(grpc::ServerContext* context, const v1::ReopenBatchRequest* request,
                                       v1::ReopenBatchResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) {
      return paper::ReopenBatch(transaction, call.caller, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::ListPacketRows(grpc::ServerContext* context, const v1::ListPacketRowsRequest* request,
                                          v1::ListPacketRowsResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response,
                               db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                                 return paper::ListPacketRows(transaction, call.caller, *request);
                               }));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::KeyFile(grpc::ServerContext* context, FileStream* stream) {
  return gate_.Serve<v1::KeyFileRequest>(
      *context, [&](const access::Call& call) { return KeyFileRows(*pool_, call, store_, clock_.Now(), *stream); });
}

grpc::Status PaperService::ReadPage(grpc::ServerContext* context, const v1::ReadPageRequest* request,
                                    v1::ReadPageResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const ScanTurns::Turn turn, scan_turns_.Wait(call.deadline));
    SNOWFIELD_ASSIGN_OR_RETURN(*response, paper::ReadPage(*pool_, call, *request, store_, clock_.Now()));
    return absl::OkStatus();
  });
}

grpc::Status PaperService::GetRowImage(grpc::ServerContext* context, const v1::GetRowImageRequest* request,
                                       v1::GetRowImageResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response,
                               db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                                 return paper::GetRowImage(transaction, call.caller, *request);
                               }));
    return absl::OkStatus();
  });
}

}  // namespace snowfield::paper
