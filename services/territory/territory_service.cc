#include "services/territory/territory_service.h"

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "db/store/import_store.h"
#include "db/store/territory_store.h"
#include "services/rpc/paging.h"
#include "services/rpc/timestamp.h"
#include "services/territory/boundary_counts.h"
#include "services/territory/import_run.h"
#include "services/territory/people.h"
#include "services/territory/row_text.h"
#include "services/territory/universes.h"
#include "services/territory/voted.h"

namespace snowfield::territory {
namespace {
using ImportStream = grpc::ServerReaderWriter<v1::ImportRowsResponse, v1::ImportRowsRequest>;

absl::Status Gone() { return absl::CancelledError("the caller has gone; nothing was stored"); }

absl::Status RunImport(db::Pool& pool, const access::Call& call, ImportStream& stream) {
  v1::ImportRowsRequest request;
  if (!stream.Read(&request) || !request.has_header()) {
    if (call.cancelled()) return Gone();
    return base::InvalidField("header", "HEADER_MISSING", "send the header in the first message");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const std::unique_ptr<ImportRun> run,
                             ImportRun::Start(pool, call, request.header(), [&](const v1::ImportRowsResponse& answer) {
                               return stream.Write(answer);
                             }));
  SNOWFIELD_RETURN_IF_ERROR(run->Take(request));
  while (stream.Read(&request)) {
    if (request.has_header()) {
      return base::InvalidField("header", "HEADER_REPEATED",
                                "send the header once: another data set is an import of its own");
    }
    SNOWFIELD_RETURN_IF_ERROR(run->Take(request));
  }
  // The stream ends in the same way when the client half-closes and when it is lost.
  if (call.cancelled()) return Gone();
  v1::ImportRowsResponse answer;
  SNOWFIELD_ASSIGN_OR_RETURN(*answer.mutable_summary(), run->Finish());
  stream.Write(answer);
  return absl::OkStatus();
}

void ToMessage(const db::ImportRecord& record, v1::ImportRecord& message) {
  message.set_import_id(record.id.value);
  message.set_kind(KindNamed(record.kind));
  message.set_dataset(record.dataset);
  *message.mutable_create_time() = rpc::ToTimestamp(record.create_time);
  v1::ImportSummary& summary = *message.mutable_summary();
  summary.set_import_id(record.id.value);
  summary.set_received(record.received);
  summary.set_inserted(record.counts.inserted);
  summary.set_updated(record.counts.updated);
  summary.set_unchanged(record.counts.unchanged);
  summary.set_rejected(record.counts.rejected);
  summary.set_absent(record.counts.absent);
}
}  // namespace

grpc::Status TerritoryService::ImportRows(grpc::ServerContext* context, ImportStream* stream) {
  return gate_.Serve<v1::ImportRowsRequest>(*context,
                                            [&](const access::Call& call) { return RunImport(*pool_, call, *stream); });
}

grpc::Status TerritoryService::ListImports(grpc::ServerContext* context, const v1::ListImportsRequest* request,
                                           v1::ListImportsResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage("imports", request->page_size(), request->page_token()));
    SNOWFIELD_ASSIGN_OR_RETURN(db::Transaction transaction, pool_->Begin(call.ReadScope()));
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::ImportRecord> records,
                               db::ListImports(transaction, page.after, page.size + 1));
    for (const db::ImportRecord& record : records) {
      if (response->imports_size() == page.size) {
        response->set_next_page_token(rpc::NextPageToken("imports", response->imports(page.size - 1).import_id()));
        break;
      }
      ToMessage(record, *response->add_imports());
    }
    return absl::OkStatus();
  });
}

grpc::Status TerritoryService::GetTerritory(grpc::ServerContext* context, const v1::GetTerritoryRequest* request,
                                            v1::GetTerritoryResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(db::Transaction transaction, pool_->Begin(call.ReadScope()));
    SNOWFIELD_ASSIGN_OR_RETURN(const db::TerritoryCounts counts, db::CountTerritory(transaction));
    response->set_address_points(counts.address_points);
    response->set_doors(counts.doors);
    response->set_streets(counts.streets);
    response->set_barriers(counts.barriers);
    response->set_boundaries(counts.boundaries);
    response->set_people(counts.people);
    response->set_people_matched(counts.people_matched);
    if (counts.box.has_value()) {
      response->mutable_south_west()->set_longitude(counts.box->west_deg);
      response->mutable_south_west()->set_latitude(counts.box->south_deg);
      response->mutable_north_east()->set_longitude(counts.box->east_deg);
      response->mutable_north_east()->set_latitude(counts.box->north_deg);
    }
    return absl::OkStatus();
  });
}

grpc::Status TerritoryService::ListBoundaries(grpc::ServerContext* context, const v1::ListBoundariesRequest* request,
                                              v1::ListBoundariesResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_RETURN_IF_ERROR(CheckTexts({{"kind", request->kind(), kShortTextBytesMax}}));
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage("boundaries", request->page_size(), request->page_token()));
    SNOWFIELD_ASSIGN_OR_RETURN(db::Transaction transaction, pool_->Begin(call.ReadScope()));
    return territory::ListBoundaries(transaction, request->kind(), page, *response);
  });
}

grpc::Status TerritoryService::ListUnmatchedPeople(grpc::ServerContext* context,
                                                   const v1::ListUnmatchedPeopleRequest* request,
                                                   v1::ListUnmatchedPeopleResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage("unmatched_people", request->page_size(), request->page_token()));
    SNOWFIELD_ASSIGN_OR_RETURN(db::Transaction transaction, pool_->Begin(call.ReadScope()));
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::UnmatchedPerson> people,
                               db::ListUnmatchedPeople(transaction, page.after, page.size + 1));
    for (const db::UnmatchedPerson& person : people) {
      if (response->people_size() == page.size) {
        response->set_next_page_token(
            rpc::NextPageToken("unmatched_people", response->people(page.size - 1).person_id()));
        break;
      }
      v1::UnmatchedPerson& message = *response->add_people();
      message.set_person_id(person.person.value);
      message.set_external_id(person.external_id);
      message.set_reason(person.reason);
    }
    return absl::OkStatus();
  });
}

grpc::Status TerritoryService::ListPeople(grpc::ServerContext* context, const v1::ListPeopleRequest* request,
                                          v1::ListPeopleResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage(kPeopleList, request->page_size(), request->page_token()));
    SNOWFIELD_ASSIGN_OR_RETURN(*response, territory::ListPeople(*pool_, call, *request, page));
    return absl::OkStatus();
  });
}

grpc::Status TerritoryService::ExportPerson(grpc::ServerContext* context, const v1::ExportPersonRequest* request,
                                            v1::ExportPersonResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, territory::ExportPerson(*pool_, call, *request));
    return absl::OkStatus();
  });
}

grpc::Status TerritoryService::ErasePerson(grpc::ServerContext* context, const v1::ErasePersonRequest* request,
                                           v1::ErasePersonResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, territory::ErasePerson(*pool_, call, *request, absl::Now()));
    return absl::OkStatus();
  });
}

grpc::Status TerritoryService::MarkVoted(grpc::ServerContext* context, const v1::MarkVotedRequest* request,
                                         v1::MarkVotedResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, territory::MarkVoted(*pool_, call, *request, absl::Now()));
    return absl::OkStatus();
  });
}

grpc::Status TerritoryService::CreateUniverse(grpc::ServerContext* context, const v1::CreateUniverseRequest* request,
                                              v1::CreateUniverseResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response->mutable_universe(), territory::CreateUniverse(*pool_, call, *request));
    return absl::OkStatus();
  });
}

grpc::Status TerritoryService::ListUniverses(grpc::ServerContext* context, const v1::ListUniversesRequest* request,
                                             v1::ListUniversesResponse* response) {
  return gate_.Serve(*context, *request, [&](const access::Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage("universes", request->page_size(), request->page_token()));
    SNOWFIELD_ASSIGN_OR_RETURN(db::Transaction transaction, pool_->Begin(call.ReadScope()));
    return territory::ListUniverses(transaction, page, *response);
  });
}

}  // namespace snowfield::territory
