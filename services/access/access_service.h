// AccessService: campaigns, tokens, enrolment codes (proto/snowfield/access/v1/access.proto).
// Thread safety: all RPCs from any thread.
#pragma once

#include "base/clock.h"
#include "db/pg/pool.h"
#include "services/access/gate.h"
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
  AccessService(const Gate& gate, db::Pool* pool, const base::Clock& clock) : gate_(gate), pool_(pool), clock_(clock) {}

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

 private:
  const Gate& gate_;
  db::Pool* const pool_;
  const base::Clock& clock_;
};

}  // namespace snowfield::access
