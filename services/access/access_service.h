// AccessService: campaigns, tokens, enrolment codes (proto/snowfield/access/v1/access.proto).
// Thread safety: all RPCs from any thread.
#pragma once

#include "base/clock.h"
#include "db/pg/pool.h"
#include "services/access/gate.h"
#include "services/access/sign_in/https_get.h"
#include "snowfield/access/v1/access.grpc.pb.h"

namespace snowfield::access {

inline constexpr int kCampaignNameCharactersMax = 200;
inline constexpr int kTokenLabelCharactersMax = 100;
inline constexpr int kTokenDaysDefault = 90;
inline constexpr int kTokenDaysMax = 400;
inline constexpr int kSpanDefault = 8;
inline constexpr int kSpanMin = 2;
inline constexpr int kSpanMax = 12;
inline constexpr absl::Duration kEnrolmentCodeLife = absl::Hours(72);
inline constexpr absl::Duration kTypedCodeLife = absl::Hours(24);

class AccessService : public v1::AccessService::Service {
 public:
  // `https`: which issuers may be entered.
  AccessService(const Gate& gate, db::Pool* pool, const base::Clock& clock, const HttpsLimits& https = {})
      : gate_(gate), pool_(pool), clock_(clock), https_(https) {}

  grpc::Status CreateCampaign(grpc::ServerContext* context, const v1::CreateCampaignRequest* request,
                              v1::CreateCampaignResponse* response) override;
  grpc::Status WhoAmI(grpc::ServerContext* context, const v1::WhoAmIRequest* request,
                      v1::WhoAmIResponse* response) override;
  grpc::Status SetMemberAccess(grpc::ServerContext* context, const v1::SetMemberAccessRequest* request,
                               v1::SetMemberAccessResponse* response) override;
  grpc::Status CreateToken(grpc::ServerContext* context, const v1::CreateTokenRequest* request,
                           v1::CreateTokenResponse* response) override;
  grpc::Status RevokeToken(grpc::ServerContext* context, const v1::RevokeTokenRequest* request,
                           v1::RevokeTokenResponse* response) override;
  grpc::Status CreateEnrolmentCode(grpc::ServerContext* context, const v1::CreateEnrolmentCodeRequest* request,
                                   v1::CreateEnrolmentCodeResponse* response) override;
  grpc::Status ListTokens(grpc::ServerContext* context, const v1::ListTokensRequest* request,
                          v1::ListTokensResponse* response) override;
  grpc::Status ListPhones(grpc::ServerContext* context, const v1::ListPhonesRequest* request,
                          v1::ListPhonesResponse* response) override;
  grpc::Status RevokePhone(grpc::ServerContext* context, const v1::RevokePhoneRequest* request,
                           v1::RevokePhoneResponse* response) override;
  grpc::Status ListAudit(grpc::ServerContext* context, const v1::ListAuditRequest* request,
                         v1::ListAuditResponse* response) override;
  grpc::Status VerifyAudit(grpc::ServerContext* context, const v1::VerifyAuditRequest* request,
                           grpc::ServerWriter<v1::VerifyAuditResponse>* writer) override;
  grpc::Status SetIssuer(grpc::ServerContext* context, const v1::SetIssuerRequest* request,
                         v1::SetIssuerResponse* response) override;
  grpc::Status RemoveIssuer(grpc::ServerContext* context, const v1::RemoveIssuerRequest* request,
                            v1::RemoveIssuerResponse* response) override;
  grpc::Status ListIssuers(grpc::ServerContext* context, const v1::ListIssuersRequest* request,
                           v1::ListIssuersResponse* response) override;
  grpc::Status LinkSubject(grpc::ServerContext* context, const v1::LinkSubjectRequest* request,
                           v1::LinkSubjectResponse* response) override;
  grpc::Status UnlinkSubject(grpc::ServerContext* context, const v1::UnlinkSubjectRequest* request,
                             v1::UnlinkSubjectResponse* response) override;
  grpc::Status ListSubjects(grpc::ServerContext* context, const v1::ListSubjectsRequest* request,
                            v1::ListSubjectsResponse* response) override;

 private:
  const Gate& gate_;
  db::Pool* const pool_;
  const base::Clock& clock_;
  const HttpsLimits https_;
};

}  // namespace snowfield::access
