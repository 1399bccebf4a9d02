#include "services/canvass/canvass_service.h"

#include <utility>
#include <vector>

#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "services/canvass/additions.h"
#include "services/canvass/changes.h"
#include "services/canvass/download.h"
#include "services/canvass/enrolment.h"
#include "services/canvass/ingest.h"
#include "services/canvass/results.h"
#include "services/canvass/walk_lists.h"
#include "services/rpc/paging.h"

namespace snowfield::canvass {
namespace {
using access::Call;
using db::RunInTransaction;
using db::Transaction;

// Lists go out to phones, not to members: a phone's token can be revoked by itself.
absl::StatusOr<db::PhoneAtTime> PhoneOf(const Call& call, absl::Time now) {
  if (!call.caller.phone) {
    return base::Problem(absl::StatusCode::kPermissionDenied, "PHONE_TOKEN_NEEDED", "",
                         "this call is for a phone: enrol one, and send its token");
  }
  return db::PhoneAtTime{.member = call.caller.member, .phone = call.caller.phone, .now = now};
}

db::Scope OneSnapshot(db::Scope scope) {
  scope.one_snapshot = true;
  return scope;
}

}  // namespace

grpc::Status CanvassService::EnrolPhone(grpc::ServerContext* context, const v1::EnrolPhoneRequest* request,
                                        v1::EnrolPhoneResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, Enrol(*pool_, call, *request, clock_.Now()));
    return absl::OkStatus();
  });
}

grpc::Status CanvassService::ListMyWalkLists(grpc::ServerContext* context, const v1::ListMyWalkListsRequest* request,
                                             v1::ListMyWalkListsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage(kMyWalkLists, request->page_size(), request->page_token()));
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.ReadScope(), [&](Transaction& transaction) {
      return ListMine(transaction, {.member = call.caller.member, .phone = call.caller.phone, .now = clock_.Now()},
                      page);
    }));
    return absl::OkStatus();
  });
}

grpc::Status CanvassService::CheckOutWalkList(grpc::ServerContext* context, const v1::CheckOutWalkListRequest* request,
                                              v1::CheckOutWalkListResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PhoneAtTime phone, PhoneOf(call, clock_.Now()));
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.Scope(), [&](Transaction& transaction) {
      return CheckOutMine(transaction, phone, *request);
    }));
    if (response->taken_from_phones() > 0) TellOfChanges(call.caller.campaign);
    return absl::OkStatus();
  });
}

grpc::Status CanvassService::DownloadWalkList(grpc::ServerContext* context, const v1::DownloadWalkListRequest* request,
                                              v1::DownloadWalkListResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PhoneAtTime phone, PhoneOf(call, clock_.Now()));
    SNOWFIELD_ASSIGN_OR_RETURN(
        *response, RunInTransaction(*pool_, OneSnapshot(call.Scope()),
                                    [&](Transaction& transaction) { return Download(transaction, phone, *request); }));
    context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    return absl::OkStatus();
  });
}

grpc::Status CanvassService::SendKnocks(grpc::ServerContext* context, const v1::SendKnocksRequest* request,
                                        v1::SendKnocksResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PhoneAtTime phone, PhoneOf(call, clock_.Now()));
    SNOWFIELD_RETURN_IF_ERROR(CheckBatch(*request));
    const SentBatch batch{.sender = {.member = phone.member, .phone = phone.phone}, .request = request};
    absl::StatusOr<KnockAnswers> answers = intake_.Store(call.Scope(), batch);
    intake_metrics_.Waiting(intake_.figures().waiting_now);
    SNOWFIELD_RETURN_IF_ERROR(answers.status());
    intake_metrics_.Answered(*answers);
    TellOfChanges(call.caller.campaign);
    for (v1::KnockAnswer& answer : *answers) *response->add_answers() = std::move(answer);
    return absl::OkStatus();
  });
}

grpc::Status CanvassService::SendAdditions(grpc::ServerContext* context, const v1::SendAdditionsRequest* request,
                                           v1::SendAdditionsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PhoneAtTime phone, PhoneOf(call, clock_.Now()));
    SNOWFIELD_RETURN_IF_ERROR(CheckAdditions(*request));
    const db::KnockSender sender{.member = phone.member, .phone = phone.phone};
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.Scope(), [&](Transaction& transaction) {
      return StoreAdditions(transaction, sender, *request, phone.now);
    }));
    return absl::OkStatus();
  });
}

grpc::Status CanvassService::ListChanges(grpc::ServerContext* context, const v1::ListChangesRequest* request,
                                         v1::ListChangesResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PhoneAtTime phone, PhoneOf(call, clock_.Now()));
    SNOWFIELD_ASSIGN_OR_RETURN(*response,
                               RunInTransaction(*pool_, OneSnapshot(call.ReadScope()), [&](Transaction& transaction) {
                                 return ReadChanges(transaction, phone.phone, *request);
                               }));
    return absl::OkStatus();
  });
}

grpc::Status CanvassService::WaitChanges(grpc::ServerContext* context, const v1::WaitChangesRequest* request,
                                         v1::WaitChangesResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PhoneAtTime phone, PhoneOf(call, clock_.Now()));
    SNOWFIELD_ASSIGN_OR_RETURN(*response, waiters_.Wait(OneSnapshot(call.ReadScope()), phone.phone, *request));
    return absl::OkStatus();
  });
}

void CanvassService::TellOfChanges(base::CampaignId campaign) {
  bell_.Ring(campaign);
  upkeep_.Note(campaign);
}

grpc::Status CanvassService::ReturnWalkList(grpc::ServerContext* context, const v1::ReturnWalkListRequest* request,
                                            v1::ReturnWalkListResponse* response) {
  (void)response;
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PhoneAtTime phone, PhoneOf(call, clock_.Now()));
    return RunInTransaction(*pool_, call.Scope(), [&](Transaction& transaction) {
      return ReturnMine(transaction, phone, request->list_number());
    });
  });
}

grpc::Status CanvassService::GetResults(grpc::ServerContext* context, const v1::GetResultsRequest* request,
                                        v1::GetResultsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    if (request->cut_id() < 0) return base::InvalidField("cut_id", "CUT_ID_INVALID", "send a cut, or 0 for all");
    SNOWFIELD_ASSIGN_OR_RETURN(*response,
                               RunInTransaction(*pool_, OneSnapshot(call.ReadScope()), [&](Transaction& transaction) {
                                 return CountResults(transaction, base::CutId(request->cut_id()));
                               }));
    return absl::OkStatus();
  });
}

}  // namespace snowfield::canvass
