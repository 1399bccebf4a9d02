#include "services/followup/followup_service.h"

#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "services/followup/complete.h"
#include "services/followup/contacts.h"
#include "services/followup/follow_ups.h"
#include "services/followup/rules.h"

namespace snowfield::followup {
namespace {
using access::Call;
using db::RunInTransaction;
using db::Transaction;
}  // namespace

grpc::Status FollowUpService::ListFollowUps(grpc::ServerContext* context, const v1::ListFollowUpsRequest* request,
                                            v1::ListFollowUpsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.Scope(), [&](Transaction& transaction) {
      return List(transaction, call.caller, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::CompleteFollowUp(grpc::ServerContext* context, const v1::CompleteFollowUpRequest* request,
                                               v1::CompleteFollowUpResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, ByKeys(call), [&](Transaction& transaction) {
      return Complete(transaction, call.caller, *request, clock_.Now());
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::ClaimFollowUps(grpc::ServerContext* context, const v1::ClaimFollowUpsRequest* request,
                                             v1::ClaimFollowUpsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, queue_.Claim(call, *request));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::RenewLeases(grpc::ServerContext* context, const v1::RenewLeasesRequest* request,
                                          v1::RenewLeasesResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, ByKeys(call), [&](Transaction& transaction) {
      return Renew(transaction, call.caller, *request, clock_.Now());
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::ReleaseLeases(grpc::ServerContext* context, const v1::ReleaseLeasesRequest* request,
                                            v1::ReleaseLeasesResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, ByKeys(call), [&](Transaction& transaction) {
      return Release(transaction, call.caller, *request, clock_.Now());
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::CompleteFollowUps(grpc::ServerContext* context,
                                                const v1::CompleteFollowUpsRequest* request,
                                                v1::CompleteFollowUpsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, ByKeys(call), [&](Transaction& transaction) {
      return CompleteAll(transaction, call.caller, *request, clock_.Now());
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::SnoozeFollowUp(grpc::ServerContext* context, const v1::SnoozeFollowUpRequest* request,
                                             v1::SnoozeFollowUpResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response->mutable_follow_up(),
                               RunInTransaction(*pool_, ByKeys(call), [&](Transaction& transaction) {
                                 return Snooze(transaction, call.caller, *request, clock_.Now());
                               }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::ReassignFollowUp(grpc::ServerContext* context, const v1::ReassignFollowUpRequest* request,
                                               v1::ReassignFollowUpResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response->mutable_follow_up(),
                               RunInTransaction(*pool_, ByKeys(call), [&](Transaction& transaction) {
                                 return Reassign(transaction, call.caller, *request, clock_.Now());
                               }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::GiveUpFollowUp(grpc::ServerContext* context, const v1::GiveUpFollowUpRequest* request,
                                             v1::GiveUpFollowUpResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response->mutable_follow_up(),
                               RunInTransaction(*pool_, ByKeys(call), [&](Transaction& transaction) {
                                 return GiveUp(transaction, call.caller, *request, clock_.Now());
                               }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::ReopenFollowUp(grpc::ServerContext* context, const v1::ReopenFollowUpRequest* request,
                                             v1::ReopenFollowUpResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response->mutable_follow_up(),
                               RunInTransaction(*pool_, ByKeys(call), [&](Transaction& transaction) {
                                 return Reopen(transaction, call.caller, *request, clock_.Now());
                               }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::ListFollowUpEvents(grpc::ServerContext* context,
                                                 const v1::ListFollowUpEventsRequest* request,
                                                 v1::ListFollowUpEventsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.ReadScope(), [&](Transaction& transaction) {
      return ListEvents(transaction, call.caller, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::ListRules(grpc::ServerContext* context, const v1::ListRulesRequest* request,
                                        v1::ListRulesResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.ReadScope(), [&](Transaction& transaction) {
      return followup::ListRules(transaction, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::CreateRule(grpc::ServerContext* context, const v1::CreateRuleRequest* request,
                                         v1::CreateRuleResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.Scope(), [&](Transaction& transaction) {
      return followup::CreateRule(transaction, call.caller, *request, clock_.Now());
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::UpdateRule(grpc::ServerContext* context, const v1::UpdateRuleRequest* request,
                                         v1::UpdateRuleResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.Scope(), [&](Transaction& transaction) {
      return followup::UpdateRule(transaction, call.caller, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::GetContactLimits(grpc::ServerContext* context, const v1::GetContactLimitsRequest* request,
                                               v1::GetContactLimitsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.ReadScope(), [&](Transaction& transaction) {
      return GetLimits(transaction, clock_.Now());
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::SetContactLimits(grpc::ServerContext* context, const v1::SetContactLimitsRequest* request,
                                               v1::SetContactLimitsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.Scope(), [&](Transaction& transaction) {
      return SetLimits(transaction, call.caller, *request);
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::ListHeldBack(grpc::ServerContext* context, const v1::ListHeldBackRequest* request,
                                           v1::ListHeldBackResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.ReadScope(), [&](Transaction& transaction) {
      return ListHeld(transaction, call.caller, *request, clock_.Now());
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::GetAskBalance(grpc::ServerContext* context, const v1::GetAskBalanceRequest* request,
                                            v1::GetAskBalanceResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, RunInTransaction(*pool_, call.ReadScope(), [&](Transaction& transaction) {
      return Balance(transaction, call.caller, *request, clock_.Now());
    }));
    return absl::OkStatus();
  });
}

grpc::Status FollowUpService::TryRule(grpc::ServerContext* context, const v1::TryRuleRequest* request,
                                      v1::TryRuleResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(*response, followup::TryRule(*pool_, call, *request, clock_.Now()));
    return absl::OkStatus();
  });
}

}  // namespace snowfield::followup
