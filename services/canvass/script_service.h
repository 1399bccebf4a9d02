// ScriptService: scripts in versions (proto/snowfield/canvass/v1/script.proto).
// Thread safety: all RPCs from any thread.
#pragma once

#include "db/pg/pool.h"
#include "services/access/gate.h"
#include "snowfield/canvass/v1/script.grpc.pb.h"

namespace snowfield::canvass {

class ScriptService : public v1::ScriptService::Service {
 public:
  // Both must outlive the service.
  ScriptService(const access::Gate& gate, db::Pool* pool) : gate_(gate), pool_(pool) {}

  grpc::Status SetScript(grpc::ServerContext* context, const v1::SetScriptRequest* request,
                         v1::SetScriptResponse* response) override;
  grpc::Status GetScript(grpc::ServerContext* context, const v1::GetScriptRequest* request,
                         v1::GetScriptResponse* response) override;
  grpc::Status ListScripts(grpc::ServerContext* context, const v1::ListScriptsRequest* request,
                           v1::ListScriptsResponse* response) override;

 private:
  const access::Gate& gate_;
  db::Pool* const pool_;
};

}  // namespace snowfield::canvass
