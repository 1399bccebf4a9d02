// AccessService: sign-in by OpenID Connect: trusted issuers, and whose their subjects are.
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/audit_store.h"
#include "db/store/sign_in_store.h"
#include "services/access/access_service.h"
#include "services/access/scope.h"
#include "services/access/sign_in/https_get.h"
#include "services/rpc/paging.h"

namespace snowfield::access {
namespace {

constexpr char kIssuers[] = "issuers";
constexpr char kSubjects[] = "subjects";
constexpr size_t kIssuerBytesMax = 400;
constexpr size_t kClaimBytesMax = 100;
constexpr char kClaimDefault[] = "sub";

absl::Status CheckText(const char* field, const std::string& text, size_t bytes_max) {
  const bool plain = text.find('\0') == std::string::npos;
  if (!text.empty() && text.size() <= bytes_max && plain) return absl::OkStatus();
  return base::InvalidField(field, "TEXT_OUT_OF_RANGE", absl::StrCat("send 1 to ", bytes_max, " bytes of text"));
}

absl::StatusOr<db::IssuerRow> ReadIssuer(const v1::Issuer& issuer, const HttpsLimits& limits) {
  db::IssuerRow row{.id = 0,
                    .issuer = issuer.issuer(),
                    .audience = issuer.audience(),
                    .member_claim = issuer.member_claim().empty() ? kClaimDefault : issuer.member_claim()};
  SNOWFIELD_RETURN_IF_ERROR(CheckText("issuer.issuer", row.issuer, kIssuerBytesMax));
  SNOWFIELD_RETURN_IF_ERROR(CheckText("issuer.audience", row.audience, kIssuerBytesMax));
  SNOWFIELD_RETURN_IF_ERROR(CheckText("issuer.member_claim", row.member_claim, kClaimBytesMax));
  if (IsAllowedUrl(row.issuer, limits)) return row;
  return base::InvalidField("issuer.issuer", "ISSUER_INVALID",
                            "an issuer is an https URL without user, query and fragment, as its tokens have it in iss");
}

absl::Status UnknownIssuer(const char* field) {
  return base::NoSuch(field, "this campaign trusts no such issuer: list its issuers");
}

absl::Status Audit(db::Transaction& transaction, const Caller& caller, std::string_view action,
                   base::MemberId member = {}) {
  return db::WriteAudit(
      transaction,
      {.member = caller.member, .action = action, .subject_kind = member ? "member" : "", .subject_id = member.value});
}

}  // namespace

grpc::Status AccessService::SetIssuer(grpc::ServerContext* context, const v1::SetIssuerRequest* request,
                                      v1::SetIssuerResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::IssuerRow row, ReadIssuer(request->issuer(), https_));
    *response->mutable_issuer() = request->issuer();
    response->mutable_issuer()->set_member_claim(row.member_claim);
    return db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) -> absl::Status {
      SNOWFIELD_RETURN_IF_ERROR(db::SetIssuer(transaction, row));
      return Audit(transaction, call.caller, "issuer.set");
    });
  });
}

grpc::Status AccessService::RemoveIssuer(grpc::ServerContext* context, const v1::RemoveIssuerRequest* request,
                                         v1::RemoveIssuerResponse* /*response*/) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_RETURN_IF_ERROR(CheckText("issuer", request->issuer(), kIssuerBytesMax));
    return db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) -> absl::Status {
      SNOWFIELD_ASSIGN_OR_RETURN(const bool removed, db::RemoveIssuer(transaction, request->issuer()));
      if (!removed) return UnknownIssuer("issuer");
      return Audit(transaction, call.caller, "issuer.remove");
    });
  });
}

grpc::Status AccessService::ListIssuers(grpc::ServerContext* context, const v1::ListIssuersRequest* request,
                                        v1::ListIssuersResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage(kIssuers, request->page_size(), request->page_token()));
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::IssuerRow> rows,
                               db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                                 return db::ListIssuers(transaction, page.after, page.size + 1);
                               }));
    for (const db::IssuerRow& row : rows) {
      if (response->issuers_size() == page.size) {
        response->set_next_page_token(rpc::NextPageToken(kIssuers, rows[page.size - 1].id));
        break;
      }
      v1::Issuer& issuer = *response->add_issuers();
      issuer.set_issuer(row.issuer);
      issuer.set_audience(row.audience);
      issuer.set_member_claim(row.member_claim);
    }
    return absl::OkStatus();
  });
}

grpc::Status AccessService::LinkSubject(grpc::ServerContext* context, const v1::LinkSubjectRequest* request,
                                        v1::LinkSubjectResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    const v1::Subject& subject = request->subject();
    SNOWFIELD_RETURN_IF_ERROR(CheckText("subject.issuer", subject.issuer(), kIssuerBytesMax));
    SNOWFIELD_RETURN_IF_ERROR(CheckText("subject.subject", subject.subject(), kIssuerBytesMax));
    const base::MemberId member(subject.member_id());
    *response->mutable_subject() = subject;
    return db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) -> absl::Status {
      SNOWFIELD_RETURN_IF_ERROR(CheckMayManage(transaction, call.caller, member, "subject.member_id"));
      SNOWFIELD_ASSIGN_OR_RETURN(
          const std::optional<int64_t> linked,
          db::LinkSubject(transaction,
                          {.id = 0, .issuer = subject.issuer(), .subject = subject.subject(), .member = member}));
      if (!linked.has_value()) return UnknownIssuer("subject.issuer");
      return Audit(transaction, call.caller, "subject.link", member);
    });
  });
}

grpc::Status AccessService::UnlinkSubject(grpc::ServerContext* context, const v1::UnlinkSubjectRequest* request,
                                          v1::UnlinkSubjectResponse* /*response*/) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_RETURN_IF_ERROR(CheckText("issuer", request->issuer(), kIssuerBytesMax));
    SNOWFIELD_RETURN_IF_ERROR(CheckText("subject", request->subject(), kIssuerBytesMax));
    return db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) -> absl::Status {
      SNOWFIELD_ASSIGN_OR_RETURN(const bool unlinked,
                                 db::UnlinkSubject(transaction, request->issuer(), request->subject()));
      if (!unlinked) return base::NoSuch("subject", "no member is linked to this subject: list the subjects");
      return Audit(transaction, call.caller, "subject.unlink");
    });
  });
}

grpc::Status AccessService::ListSubjects(grpc::ServerContext* context, const v1::ListSubjectsRequest* request,
                                         v1::ListSubjectsResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage(kSubjects, request->page_size(), request->page_token()));
    const db::SubjectPage wanted{
        .member = base::MemberId(request->member_id()), .after = page.after, .limit = page.size + 1};
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::SubjectRow> rows,
                               db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                                 return db::ListSubjects(transaction, wanted);
                               }));
    for (const db::SubjectRow& row : rows) {
      if (response->subjects_size() == page.size) {
        response->set_next_page_token(rpc::NextPageToken(kSubjects, rows[page.size - 1].id));
        break;
      }
      v1::Subject& subject = *response->add_subjects();
      subject.set_issuer(row.issuer);
      subject.set_subject(row.subject);
      subject.set_member_id(row.member.value);
    }
    return absl::OkStatus();
  });
}

}  // namespace snowfield::access
