#include "services/canvass/script_service.h"

#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "services/canvass/scripts.h"

namespace snowfield::canvass {
namespace {
using access::Call;
using db::RunInTransaction;
using db::Transaction;
}  // namespace

grpc::Status ScriptService::SetScript(grpc::ServerContext* context, const v1::SetScriptRequest* request,
                                      v1::SetScriptResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.Scope(), [&](Transaction& transaction) {
      return canvass::SetScript(transaction, call.caller, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status ScriptService::GetScript(grpc::ServerContext* context, const v1::GetScriptRequest* request,
                                      v1::GetScriptResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.ReadScope(), [&](Transaction& transaction) {
      return canvass::GetScript(transaction, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status ScriptService::ListScripts(grpc::ServerContext* context, const v1::ListScriptsRequest* request,
                                        v1::ListScriptsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage(kScriptsPage, request->page_size(), request->page_token()));
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.ReadScope(), [&](Transaction& transaction) {
      return canvass::ListScripts(transaction, page);
    }));
    return absl::OkStatus();
  });
}

}  // namespace snowfield::canvass
