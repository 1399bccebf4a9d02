// PaperService: walk lists on paper (proto/snowfield/paper/v1/paper.proto).
// Thread safety: all RPCs from any thread.
#pragma once

#include "base/clock.h"
#include "db/pg/pool.h"
#include "services/access/gate.h"
#include "snowfield/paper/v1/paper.grpc.pb.h"

namespace snowfield::paper {

class PaperService : public v1::PaperService::Service {
 public:
  // All must outlive the service.
  PaperService(const access::Gate& gate, db::Pool* pool, const base::Clock& clock)
      : gate_(gate), pool_(pool), clock_(clock) {}

  grpc::Status PrintPacket(grpc::ServerContext* context, const v1::PrintPacketRequest* request,
                           grpc::ServerWriter<v1::PrintPacketResponse>* writer) override;
  grpc::Status ListPackets(grpc::ServerContext* context, const v1::ListPacketsRequest* request,
                           v1::ListPacketsResponse* response) override;

 private:
  const access::Gate& gate_;
  db::Pool* const pool_;
  const base::Clock& clock_;
};

}  // namespace snowfield::paper
