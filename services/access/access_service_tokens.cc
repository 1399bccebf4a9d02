// AccessService: the tokens and phones that there are.
#include <vector>

#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/audit_store.h"
#include "db/store/token_store.h"
#include "services/access/access_service.h"
#include "services/access/scope.h"
#include "services/rpc/paging.h"
#include "services/rpc/timestamp.h"

namespace snowfield::access {
namespace {

constexpr char kTokens[] = "tokens";
constexpr char kPhones[] = "phones";

}  // namespace

grpc::Status AccessService::ListTokens(grpc::ServerContext* context, const v1::ListTokensRequest* request,
                                       v1::ListTokensResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage(kTokens, request->page_size(), request->page_token()));
    const db::SecretPage wanted{
        .member = base::MemberId(request->member_id()), .after = page.after, .limit = page.size + 1};
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::TokenRow> rows,
                               db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                                 return db::ListTokens(transaction, wanted);
                               }));
    for (const db::TokenRow& row : rows) {
      if (response->tokens_size() == page.size) {
        response->set_next_page_token(rpc::NextPageToken(kTokens, response->tokens(page.size - 1).token_id()));
        break;
      }
      v1::Token& token = *response->add_tokens();
      token.set_token_id(row.token.value);
      token.set_member_id(row.member.value);
      token.set_phone_id(row.phone.value);
      token.set_label(row.label);
      *token.mutable_create_time() = rpc::ToTimestamp(row.create_time);
      *token.mutable_expire_time() = rpc::ToTimestamp(row.expire_time);
      if (row.revoke_time.has_value()) *token.mutable_revoke_time() = rpc::ToTimestamp(*row.revoke_time);
    }
    return absl::OkStatus();
  });
}

grpc::Status AccessService::ListPhones(grpc::ServerContext* context, const v1::ListPhonesRequest* request,
                                       v1::ListPhonesResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage(kPhones, request->page_size(), request->page_token()));
    const db::SecretPage wanted{.member = base::MemberId(request->member_id()),
                                .branch = BranchRoot(call.caller),
                                .after = page.after,
                                .limit = page.size + 1};
    using Rows = absl::StatusOr<std::vector<db::PhoneRow>>;
    SNOWFIELD_ASSIGN_OR_RETURN(
        const std::vector<db::PhoneRow> rows,
        db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) -> Rows {
          if (wanted.member) {
            SNOWFIELD_RETURN_IF_ERROR(CheckInScope(transaction, call.caller, wanted.member, "member_id"));
          }
          return db::ListPhones(transaction, wanted);
        }));
    for (const db::PhoneRow& row : rows) {
      if (response->phones_size() == page.size) {
        response->set_next_page_token(rpc::NextPageToken(kPhones, response->phones(page.size - 1).phone_id()));
        break;
      }
      v1::Phone& phone = *response->add_phones();
      phone.set_phone_id(row.phone.value);
      phone.set_member_id(row.member.value);
      phone.set_label(row.label);
      *phone.mutable_create_time() = rpc::ToTimestamp(row.create_time);
      if (row.revoke_time.has_value()) *phone.mutable_revoke_time() = rpc::ToTimestamp(*row.revoke_time);
    }
    return absl::OkStatus();
  });
}

grpc::Status AccessService::RevokePhone(grpc::ServerContext* context, const v1::RevokePhoneRequest* request,
                                        v1::RevokePhoneResponse* /*response*/) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    const base::PhoneId phone(request->phone_id());
    return db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) -> absl::Status {
      SNOWFIELD_ASSIGN_OR_RETURN(const base::MemberId owner, db::FindPhoneOwner(transaction, phone));
      SNOWFIELD_RETURN_IF_ERROR(CheckMayManage(transaction, call.caller, owner, "phone_id"));
      SNOWFIELD_RETURN_IF_ERROR(db::RevokePhone(transaction, phone));
      return db::WriteAudit(
          transaction,
          {.member = call.caller.member, .action = "phone.revoke", .subject_kind = "phone", .subject_id = phone.value});
    });
  });
}

}  // namespace snowfield::access
