#include "services/paper/paper_service.h"

#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "services/paper/packets.h"

namespace snowfield::paper {
namespace {
constexpr size_t kChunkBytes = 64 * 1024;
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

}  // namespace snowfield::paper
