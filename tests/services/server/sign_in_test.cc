// Sign-in of staff by OpenID Connect: a real server, a real HTTPS issuer, tokens good and bad.
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/access/sign_in/https_get.h"
#include "services/access/sign_in/jwt.h"
#include "services/server/server.h"
#include "snowfield/access/v1/access.grpc.pb.h"
#include "tests/services/server/test_certificates.h"
#include "tests/services/server/test_issuer.h"
#include "tests/support/fake_clock.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

namespace snowfield::server {
namespace {
using nlohmann::json;

class SignInTest : public ::testing::Test {
 protected:
  SignInTest() : clock_(absl::Now()), campaign_(tests::MakeCampaign(database_)) {
    certificates_.MakeAuthority("authority");
    certificates_.MakeCertificate("issuer", "authority");
    issuer_ = std::make_unique<tests::TestIssuer>(certificates_, "issuer");
    issuer_->AddRsaKey("rsa");
    issuer_->AddEcKey("ec");
    Start({.https = {.ca_file = certificates_.Path("authority.pem"), .allow_loopback = true}, .keys = {}});
    SetIssuer(issuer_->url());
    LinkOwner(issuer_->url(), "ada");
  }

  void Start(const access::SignInOptions& sign_in) {
    auto server =
        Server::Start(&database_.pool(), {.listen = "127.0.0.1:0", .sign_in = sign_in, .services = {"access"}}, clock_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = access::v1::AccessService::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }
  std::unique_ptr<grpc::ClientContext> As(const std::string& token, int64_t campaign) const {
    auto context = std::make_unique<grpc::ClientContext>();
    context->AddMetadata("authorization", "Bearer " + token);
    if (campaign != 0) context->AddMetadata("snowfield-campaign", absl::StrCat(campaign));
    return context;
  }
  grpc::Status SetIssuer(const std::string& url, const std::string& claim = "") {
    access::v1::SetIssuerRequest request;
    request.mutable_issuer()->set_issuer(url);
    request.mutable_issuer()->set_audience("snowfield");
    request.mutable_issuer()->set_member_claim(claim);
    access::v1::SetIssuerResponse response;
    return stub_->SetIssuer(As(campaign_.owner_token, 0).get(), request, &response);
  }
  void LinkOwner(const std::string& url, const std::string& subject) {
    access::v1::LinkSubjectRequest request;
    request.mutable_subject()->set_issuer(url);
    request.mutable_subject()->set_subject(subject);
    request.mutable_subject()->set_member_id(campaign_.owner.value);
    access::v1::LinkSubjectResponse response;
    const grpc::Status status = stub_->LinkSubject(As(campaign_.owner_token, 0).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  // The reason why this token is refused; empty where it signs the owner in.
  std::string Try(const std::string& token, int64_t campaign) {
    access::v1::WhoAmIResponse who;
    const grpc::Status status = stub_->WhoAmI(As(token, campaign).get(), {}, &who);
    if (!status.ok()) return tests::ReasonOf(status);
    EXPECT_EQ(who.member_id(), campaign_.owner.value);
    EXPECT_EQ(who.role(), access::v1::ROLE_OWNER);
    return "";
  }
  std::string Try(const std::string& token) { return Try(token, campaign_.campaign.value); }
  json Claims(const std::string& subject = "ada") const { return issuer_->Claims(subject, clock_.Now()); }
  std::string Good() const { return issuer_->Sign(Claims(), "rsa", "RS256"); }

  tests::TestDatabase database_;
  tests::FakeClock clock_;
  tests::TestCampaign campaign_;
  tests::TestCertificates certificates_;
  std::unique_ptr<tests::TestIssuer> issuer_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<access::v1::AccessService::Stub> stub_;
};

TEST_F(SignInTest, AnIdTokenOfATrustedIssuerIsTheLinkedMember) {
  EXPECT_EQ(Try(Good()), "");
  EXPECT_EQ(Try(issuer_->Sign(Claims(), "ec", "ES256")), "");
  EXPECT_EQ(issuer_->keys_fetched(), 1) << "keys are kept";
}

TEST_F(SignInTest, TheCampaignHasToBeNamedAndTrustTheIssuer) {
  EXPECT_EQ(Try(Good(), 0), "SIGN_IN_CAMPAIGN_MISSING");
  const tests::TestCampaign other = tests::MakeCampaign(database_);
  EXPECT_EQ(Try(Good(), other.campaign.value), "SIGN_IN_ISSUER");
  EXPECT_EQ(Try(Good(), 999'999), "SIGN_IN_ISSUER");
}

TEST_F(SignInTest, OneWhoIsLinkedToNobodyIsNobody) {
  EXPECT_EQ(Try(issuer_->Sign(Claims("eve"), "rsa", "RS256")), "SIGN_IN_SUBJECT");
  access::v1::UnlinkSubjectRequest request;
  request.set_issuer(issuer_->url());
  request.set_subject("ada");
  access::v1::UnlinkSubjectResponse response;
  ASSERT_TRUE(stub_->UnlinkSubject(As(campaign_.owner_token, 0).get(), request, &response).ok());
  EXPECT_EQ(Try(Good()), "SIGN_IN_SUBJECT") << "at once";
}

TEST_F(SignInTest, UnsignedTokensAreRefused) {
  for (const char* none : {"none", "None", "NONE", ""}) {
    const json header = {{"alg", none}, {"kid", "rsa"}};
    EXPECT_EQ(Try(tests::TestIssuer::Forge(header, Claims(), "")), "SIGN_IN_ALGORITHM") << none;
    EXPECT_EQ(Try(tests::TestIssuer::Forge(header, Claims(), "x")), "SIGN_IN_ALGORITHM") << none;
  }
  const std::string good = Good();
  EXPECT_EQ(Try(good.substr(0, good.rfind('.') + 1)), "SIGN_IN_ALGORITHM");
}

TEST_F(SignInTest, APublicKeyIsNoSecret) {
  // HS256 keyed with what everyone can fetch.
  const std::string key = issuer_->PublicJwk("rsa");
  const std::string unsigned_token = tests::TestIssuer::Forge({{"alg", "HS256"}, {"kid", "rsa"}}, Claims(), "");
  const std::string text = unsigned_token.substr(0, unsigned_token.rfind('.'));
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), mac, &length);
  const std::string signature(reinterpret_cast<char*>(mac), length);
  for (const char* algorithm : {"HS256", "RS256", "ES256"}) {
    const std::string reason = Try(tests::TestIssuer::Forge({{"alg", algorithm}, {"kid", "rsa"}}, Claims(), signature));
    EXPECT_EQ(reason, algorithm == std::string("HS256") ? "SIGN_IN_ALGORITHM" : "SIGN_IN_SIGNATURE") << algorithm;
  }
}

TEST_F(SignInTest, AlgorithmsThatAreNotListedAreRefusedThoughRightlySigned) {
  for (const char* algorithm : {"RS384", "RS512", "PS256"}) {
    EXPECT_EQ(Try(issuer_->Sign(Claims(), "rsa", algorithm)), "SIGN_IN_ALGORITHM") << algorithm;
  }
}

TEST_F(SignInTest, WhatWasChangedAfterSigningIsRefused) {
  const std::string good = Good();
  const std::vector<std::string> parts = absl::StrSplit(good, '.');
  const std::string claims = tests::TestIssuer::Forge(json::object(), Claims("eve"), "");
  const std::vector<std::string> others = absl::StrSplit(claims, '.');
  EXPECT_EQ(Try(absl::StrCat(parts[0], ".", others[1], ".", parts[2])), "SIGN_IN_SIGNATURE");
  // Signed by a key of the issuer, but named as another one.
  const std::string by_ec = issuer_->Sign(Claims(), "ec", "ES256");
  const std::vector<std::string> ec_parts = absl::StrSplit(by_ec, '.');
  EXPECT_EQ(Try(absl::StrCat(parts[0], ".", ec_parts[1], ".", ec_parts[2])), "SIGN_IN_SIGNATURE");
}

TEST_F(SignInTest, IssuerAudienceAndTimesAreHeldToTheLetter) {
  const auto with = [&](const char* claim, const json& value) {
    json claims = Claims();
    claims[claim] = value;
    return Try(issuer_->Sign(claims, "rsa", "RS256"));
  };
  const int64_t now = absl::ToUnixSeconds(clock_.Now());
  EXPECT_EQ(with("iss", issuer_->url() + "/"), "SIGN_IN_ISSUER");
  EXPECT_EQ(with("iss", "https://evil.example"), "SIGN_IN_ISSUER");
  EXPECT_EQ(with("aud", "another"), "SIGN_IN_AUDIENCE");
  EXPECT_EQ(with("aud", json::array({"another", "third"})), "SIGN_IN_AUDIENCE");
  EXPECT_EQ(with("aud", json::array({"another", "snowfield"})), "");
  EXPECT_EQ(with("exp", now - 61), "TOKEN_EXPIRED");
  EXPECT_EQ(with("exp", now - 30), "") << "within the leeway";
  EXPECT_EQ(with("exp", "never"), "TOKEN_EXPIRED");
  EXPECT_EQ(with("nbf", now + 90), "SIGN_IN_NOT_YET");
  EXPECT_EQ(with("nbf", now + 30), "");
  json endless = Claims();
  endless.erase("exp");
  EXPECT_EQ(Try(issuer_->Sign(endless, "rsa", "RS256")), "TOKEN_EXPIRED");
  const std::string good = Good();
  clock_.Advance(absl::Hours(2));
  EXPECT_EQ(Try(good), "TOKEN_EXPIRED");
}

TEST_F(SignInTest, AnEmailCountsOnceTheIssuerIsSureOfIt) {
  ASSERT_TRUE(SetIssuer(issuer_->url(), "email").ok());
  LinkOwner(issuer_->url(), "ada@example.org");
  json claims = Claims();
  claims["email"] = "ada@example.org";
  EXPECT_EQ(Try(issuer_->Sign(claims, "rsa", "RS256")), "SIGN_IN_CLAIM");
  claims["email_verified"] = "true";
  EXPECT_EQ(Try(issuer_->Sign(claims, "rsa", "RS256")), "SIGN_IN_CLAIM");
  claims["email_verified"] = true;
  EXPECT_EQ(Try(issuer_->Sign(claims, "rsa", "RS256")), "");
}

TEST_F(SignInTest, ARotatedKeyIsFetchedButNotForEveryTokenThatNamesOne) {
  ASSERT_EQ(Try(Good()), "");
  issuer_->AddRsaKey("new");
  const std::string rotated = issuer_->Sign(Claims(), "new", "RS256");
  EXPECT_EQ(Try(rotated), "SIGN_IN_KEY_UNKNOWN") << "fetched a moment ago";
  clock_.Advance(absl::Seconds(31));
  EXPECT_EQ(Try(rotated), "");
  EXPECT_EQ(issuer_->keys_fetched(), 2);
  for (int i = 0; i < 20; ++i) {
    const json header = {{"alg", "RS256"}, {"kid", absl::StrCat("unknown-", i)}};
    EXPECT_EQ(Try(tests::TestIssuer::Forge(header, Claims(), "x")), "SIGN_IN_KEY_UNKNOWN");
  }
  EXPECT_EQ(issuer_->keys_fetched(), 2);
}

TEST_F(SignInTest, AKeyThatTheIssuerTookBackIsDropped) {
  ASSERT_EQ(Try(Good()), "");
  issuer_->Withdraw("rsa");
  EXPECT_EQ(Try(Good()), "") << "kept for ten minutes";
  clock_.Advance(absl::Minutes(11));
  EXPECT_EQ(Try(Good()), "SIGN_IN_KEY_UNKNOWN");
  EXPECT_EQ(Try(issuer_->Sign(Claims(), "ec", "ES256")), "");
}

TEST_F(SignInTest, WhileTheIssuerIsAwayItsKeysGoOnForAnHour) {
  ASSERT_EQ(Try(Good()), "");
  issuer_->SetAway(true);
  clock_.Advance(absl::Minutes(30));
  EXPECT_EQ(Try(Good()), "");
  clock_.Advance(absl::Minutes(31));
  EXPECT_EQ(Try(Good()), "SIGN_IN_UNAVAILABLE");
  issuer_->SetAway(false);
  clock_.Advance(absl::Seconds(31));
  EXPECT_EQ(Try(Good()), "");
}

TEST_F(SignInTest, OfManyAtOnceOneFetchesAndAllAreAnswered) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] { EXPECT_EQ(Try(Good()), ""); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(issuer_->keys_fetched(), 1);
}

TEST_F(SignInTest, KeysThatAreTooWeakOrNotForSigningAreNotUsed) {
  issuer_->AddRsaKey("short", 1024);
  EXPECT_EQ(Try(issuer_->Sign(Claims(), "short", "RS256")), "SIGN_IN_KEY_UNKNOWN");
  const auto keys =
      access::ReadKeySet(R"({"keys":[{"kty":"oct","kid":"a","k":"AAAA"},{"kty":"EC","crv":"P-384","kid":"b"},)"
                         R"({"kty":"EC","crv":"P-256","kid":"c","use":"enc"},{"kty":"EC","crv":"P-256"},7]})");
  ASSERT_TRUE(keys.ok());
  EXPECT_TRUE(keys->empty());
}

TEST_F(SignInTest, RedirectsGiantsAndLiarsAreNotFollowed) {
  const auto answers = [&](const std::string& path, const std::string& response) {
    issuer_->Answer(path, response);
    clock_.Advance(absl::Minutes(61));
    return Try(Good());
  };
  EXPECT_EQ(answers("/keys", "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"),
            "SIGN_IN_UNAVAILABLE");
  EXPECT_EQ(answers("/keys", "HTTP/1.1 200 OK\r\n\r\n" + std::string(300 * 1024, ' ')), "SIGN_IN_UNAVAILABLE");
  EXPECT_EQ(answers("/keys", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd"), "SIGN_IN_UNAVAILABLE");
  EXPECT_EQ(
      answers("/.well-known/openid-configuration",
              "HTTP/1.1 200 OK\r\n\r\n{\"issuer\":\"https://evil.example\",\"jwks_uri\":\"https://evil.example\"}"),
      "SIGN_IN_UNAVAILABLE");
}

TEST_F(SignInTest, WithoutLeaveNothingOfThisMachineIsAsked) {
  Start({.https = {.ca_file = certificates_.Path("authority.pem")}, .keys = {}});
  EXPECT_EQ(Try(Good()), "SIGN_IN_UNAVAILABLE") << "the address is loopback";
  EXPECT_EQ(issuer_->keys_fetched(), 0);
  EXPECT_EQ(tests::ReasonOf(SetIssuer("http://127.0.0.1:80")), "ISSUER_INVALID");
  for (const char* url : {"http://issuer.example", "ftp://issuer.example", "https://user@issuer.example",
                          "https://issuer.example/?a=b", "https://issuer.example/#a", "https:///x", "issuer.example"}) {
    EXPECT_EQ(tests::ReasonOf(SetIssuer(url)), "ISSUER_INVALID") << url;
  }
  for (const char* url : {"https://10.0.0.1/", "https://169.254.169.254/latest", "https://[::1]/", "https://[fd00::1]/",
                          "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/"}) {
    const absl::Time begin = absl::Now();
    EXPECT_FALSE(access::HttpsGet(url, {}).ok()) << url;
    EXPECT_LT(absl::Now() - begin, absl::Seconds(1)) << url << " was tried";
  }
}

TEST_F(SignInTest, AnIssuerWithoutATrustedCertificateIsNotBelieved) {
  Start({.https = {.allow_loopback = true}, .keys = {}});
  EXPECT_EQ(Try(Good()), "SIGN_IN_UNAVAILABLE");
}

}  // namespace
}  // namespace snowfield::server
