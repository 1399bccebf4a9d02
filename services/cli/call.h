// CallOnce: one unary call with the session's address and token.
// Thread safety: as the session's.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include "absl/status/statusor.h"
#include "base/status.h"
#include "services/cli/client.h"
#include "services/rpc/grpc_status.h"

namespace snowfield::cli {

// `call` is one of the service's: &OrganizingService::Stub::MoveMember.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> CallOnce(const Session& session, const Request& request,
                                  grpc::Status (Stub::*call)(grpc::ClientContext*, const Request&, Response*)) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  Response response;
  Stub stub(client.channel());
  SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus((stub.*call)(&context, request, &response)));
  return response;
}

}  // namespace snowfield::cli
