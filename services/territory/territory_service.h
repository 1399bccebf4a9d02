// TerritoryService: the ground a campaign stands on (proto/snowfield/territory/v1/territory.proto).
// Thread safety: all RPCs from any thread. Gate and pool must outlive it.
#pragma once

#include "absl/status/status.h"
#include "db/pg/pool.h"
#include "services/access/gate.h"
#include "snowfield/territory/v1/territory.grpc.pb.h"

namespace snowfield::territory {

class TerritoryService : public v1::TerritoryService::Service {
 public:
  TerritoryService(const access::Gate& gate, db::Pool* pool) : gate_(gate), pool_(pool) {}

  grpc::Status ImportRows(grpc::ServerContext* context,
                          grpc::ServerReaderWriter<v1::ImportRowsResponse, v1::ImportRowsRequest>* stream) override;
  grpc::Status ListImports(grpc::ServerContext* context, const v1::ListImportsRequest* request,
                           v1::ListImportsResponse* response) override;
  grpc::Status GetTerritory(grpc::ServerContext* context, const v1::GetTerritoryRequest* request,
                            v1::GetTerritoryResponse* response) override;
  grpc::Status ListBoundaries(grpc::ServerContext* context, const v1::ListBoundariesRequest* request,
                              v1::ListBoundariesResponse* response) override;
  grpc::Status ListUnmatchedPeople(grpc::ServerContext* context, const v1::ListUnmatchedPeopleRequest* request,
                                   v1::ListUnmatchedPeopleResponse* response) override;
  grpc::Status ListPeople(grpc::ServerContext* context, const v1::ListPeopleRequest* request,
                          v1::ListPeopleResponse* response) override;
  grpc::Status ExportPerson(grpc::ServerContext* context, const v1::ExportPersonRequest* request,
                            v1::ExportPersonResponse* response) override;
  grpc::Status ErasePerson(grpc::ServerContext* context, const v1::ErasePersonRequest* request,
                           v1::ErasePersonResponse* response) override;
  grpc::Status MarkVoted(grpc::ServerContext* context, const v1::MarkVotedRequest* request,
                         v1::MarkVotedResponse* response) override;
  grpc::Status CreateUniverse(grpc::ServerContext* context, const v1::CreateUniverseRequest* request,
                              v1::CreateUniverseResponse* response) override;
  grpc::Status ListUniverses(grpc::ServerContext* context, const v1::ListUniversesRequest* request,
                             v1::ListUniversesResponse* response) override;

 private:
  const access::Gate& gate_;
  db::Pool* const pool_;
};

}  // namespace snowfield::territory
