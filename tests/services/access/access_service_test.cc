#include "services/access/access_service.h"

#include <gtest/gtest.h>

#include <thread>

#include "db/store/access_store.h"
#include "services/access/token.h"
#include "tests/support/fake_clock.h"
#include "tests/support/test_server.h"

namespace snowfield::access {
namespace {
using tests::FieldOf;
using tests::ReasonOf;

class AccessServiceTest : public ::testing::Test {
 protected:
  AccessServiceTest()
      : server_(
            database_, {"snowfield.access.v1.AccessService"},
            [this](const Gate& gate) {
              return tests::OneService(std::make_unique<AccessService>(gate, &database_.pool(), clock_));
            },
            clock_),
        stub_(v1::AccessService::NewStub(server_.channel())),
        campaign_(tests::MakeCampaign(database_)) {}

  std::string OperatorToken() {
    const NewSecret secret = NewToken(TokenKind::kOperator, base::CampaignId());
    auto transaction = database_.superuser_pool().Begin({});
    EXPECT_TRUE(transaction.ok());
    EXPECT_TRUE(db::InsertOperatorToken(*transaction, secret.hash).ok());
    EXPECT_TRUE(transaction->Commit().ok());
    return secret.text;
  }

  grpc::Status WhoAmI(const std::string& token, v1::WhoAmIResponse* response) {
    return stub_->WhoAmI(server_.As(token).get(), {}, response);
  }

  // A member of the owner's team; the token is theirs.
  struct Made {
    int64_t id = 0;
    std::string token;
  };
  Made Member(const std::string& role, int slot) {
    auto transaction = database_.superuser_pool().Begin({.campaign = campaign_.campaign});
    EXPECT_TRUE(transaction.ok());
    const db::Query insert = {
        "access_service_test.insert_member",
        "insert into member (campaign_id, display_name, role, leader_id, leader_depth, slot, depth) "
        "values ($1, 'M', $2, $3, 0, $4, 1) returning member_id"};
    const auto row =
        transaction->Run(insert, db::Params().Id(campaign_.campaign).Text(role).Id(campaign_.owner).Int32(slot));
    EXPECT_TRUE(row.ok()) << row.status();
    const int64_t id = (*row)[0].Int64(0);
    EXPECT_TRUE(transaction->Commit().ok());
    return {.id = id, .token = tests::MakeToken(database_, campaign_.campaign, base::MemberId(id))};
  }
  grpc::Status SetAccess(const std::string& token, int64_t member, v1::Role role,
                         v1::MemberScope scope = v1::MEMBER_SCOPE_UNSPECIFIED) {
    v1::SetMemberAccessRequest request;
    request.set_member_id(member);
    request.set_role(role);
    request.set_scope(scope);
    v1::SetMemberAccessResponse response;
    return stub_->SetMemberAccess(server_.As(token).get(), request, &response);
  }

  tests::TestDatabase database_;
  tests::FakeClock clock_;
  tests::TestServer server_;
  std::unique_ptr<v1::AccessService::Stub> stub_;
  tests::TestCampaign campaign_;
  v1::WhoAmIResponse who_;
};

TEST_F(AccessServiceTest, TheOperatorMakesACampaignWhoseOwnerCanCall) {
  v1::CreateCampaignRequest request;
  request.set_name("Washington DC");
  v1::CreateCampaignResponse made;
  ASSERT_TRUE(stub_->CreateCampaign(server_.As(OperatorToken()).get(), request, &made).ok());
  ASSERT_TRUE(WhoAmI(made.token(), &who_).ok());
  EXPECT_EQ(who_.campaign_id(), made.campaign_id());
  EXPECT_EQ(who_.campaign_name(), "Washington DC");
  EXPECT_EQ(who_.role(), v1::ROLE_OWNER);
}

TEST_F(AccessServiceTest, OnlyTheOperatorMakesCampaigns) {
  v1::CreateCampaignRequest request;
  request.set_name("Mine");
  v1::CreateCampaignResponse made;
  const grpc::Status status = stub_->CreateCampaign(server_.As(campaign_.owner_token).get(), request, &made);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(status), "PERMISSION_MISSING");
}

TEST_F(AccessServiceTest, BadCampaignsAreRefusedByField) {
  const std::string token = OperatorToken();
  v1::CreateCampaignResponse made;
  v1::CreateCampaignRequest nameless;
  EXPECT_EQ(FieldOf(stub_->CreateCampaign(server_.As(token).get(), nameless, &made)), "name");
  v1::CreateCampaignRequest wide;
  wide.set_name("Wide");
  wide.set_span(13);
  EXPECT_EQ(FieldOf(stub_->CreateCampaign(server_.As(token).get(), wide, &made)), "span");
}

TEST_F(AccessServiceTest, CallsWithoutAGoodTokenAreRefused) {
  EXPECT_EQ(ReasonOf(WhoAmI("", &who_)), "TOKEN_MISSING");
  EXPECT_EQ(ReasonOf(WhoAmI("garbage", &who_)), "TOKEN_UNKNOWN");
  EXPECT_EQ(ReasonOf(WhoAmI(NewToken(TokenKind::kMember, campaign_.campaign).text, &who_)), "TOKEN_UNKNOWN");
  EXPECT_EQ(WhoAmI("garbage", &who_).error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(AccessServiceTest, ATokenOfOneCampaignIsNoneInAnother) {
  const tests::TestCampaign other = tests::MakeCampaign(database_);
  std::string moved = campaign_.owner_token;
  const std::string from = "_" + std::to_string(campaign_.campaign.value) + "_";
  moved.replace(moved.find(from), from.size(), "_" + std::to_string(other.campaign.value) + "_");
  EXPECT_EQ(ReasonOf(WhoAmI(moved, &who_)), "TOKEN_UNKNOWN");
}

TEST_F(AccessServiceTest, ATokenExpires) {
  v1::CreateTokenRequest request;
  request.set_member_id(campaign_.owner.value);
  request.set_days(1);
  v1::CreateTokenResponse made;
  ASSERT_TRUE(stub_->CreateToken(server_.As(campaign_.owner_token).get(), request, &made).ok());
  EXPECT_TRUE(WhoAmI(made.token(), &who_).ok());
  clock_.Advance(absl::Hours(25));
  EXPECT_EQ(ReasonOf(WhoAmI(made.token(), &who_)), "TOKEN_EXPIRED");
}

TEST_F(AccessServiceTest, ARevokedTokenEndsAtOnce) {
  v1::CreateTokenRequest request;
  request.set_member_id(campaign_.owner.value);
  v1::CreateTokenResponse made;
  ASSERT_TRUE(stub_->CreateToken(server_.As(campaign_.owner_token).get(), request, &made).ok());
  v1::RevokeTokenRequest revoke;
  revoke.set_token_id(made.token_id());
  v1::RevokeTokenResponse revoked;
  ASSERT_TRUE(stub_->RevokeToken(server_.As(campaign_.owner_token).get(), revoke, &revoked).ok());
  ASSERT_TRUE(stub_->RevokeToken(server_.As(campaign_.owner_token).get(), revoke, &revoked).ok());
  EXPECT_EQ(ReasonOf(WhoAmI(made.token(), &who_)), "TOKEN_REVOKED");
}

TEST_F(AccessServiceTest, ATokenIsMadeOnlyForAMemberOfTheCampaign) {
  v1::CreateTokenRequest request;
  request.set_member_id(999'999);
  v1::CreateTokenResponse made;
  const grpc::Status status = stub_->CreateToken(server_.As(campaign_.owner_token).get(), request, &made);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(FieldOf(status), "member_id");
}

TEST_F(AccessServiceTest, AnEnrolmentCodeIsMadeForAMember) {
  v1::CreateEnrolmentCodeRequest request;
  request.set_member_id(campaign_.owner.value);
  v1::CreateEnrolmentCodeResponse made;
  ASSERT_TRUE(stub_->CreateEnrolmentCode(server_.As(campaign_.owner_token).get(), request, &made).ok());
  EXPECT_TRUE(ParseEnrolmentCode(made.code()).ok());
  EXPECT_EQ(made.expire_time().seconds(), absl::ToUnixSeconds(clock_.Now() + kEnrolmentCodeLife));
}

TEST_F(AccessServiceTest, NobodyMakesACodeForSomeoneAboveThem) {
  v1::CreateEnrolmentCodeRequest request;
  request.set_member_id(campaign_.owner.value);
  v1::CreateEnrolmentCodeResponse made;
  const grpc::Status status =
      stub_->CreateEnrolmentCode(server_.As(Member("organizer", 1).token).get(), request, &made);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(status), "ROLE_ABOVE_YOURS");
}

TEST_F(AccessServiceTest, ARoleHoldsFromTheNextCallOn) {
  const Made member = Member("viewer", 1);
  ASSERT_TRUE(SetAccess(campaign_.owner_token, member.id, v1::ROLE_ORGANIZER, v1::MEMBER_SCOPE_BRANCH).ok());
  ASSERT_TRUE(WhoAmI(member.token, &who_).ok());
  EXPECT_EQ(who_.role(), v1::ROLE_ORGANIZER);
  EXPECT_EQ(who_.scope(), v1::MEMBER_SCOPE_BRANCH);
  ASSERT_TRUE(SetAccess(campaign_.owner_token, member.id, v1::ROLE_ORGANIZER).ok());
  ASSERT_TRUE(WhoAmI(member.token, &who_).ok());
  EXPECT_EQ(who_.scope(), v1::MEMBER_SCOPE_CAMPAIGN);
}

TEST_F(AccessServiceTest, ARoleTakesOnlyTheScopesThatFitIt) {
  const Made member = Member("viewer", 1);
  EXPECT_EQ(ReasonOf(SetAccess(campaign_.owner_token, member.id, v1::ROLE_DIRECTOR, v1::MEMBER_SCOPE_BRANCH)),
            "SCOPE_UNFIT");
  EXPECT_EQ(ReasonOf(SetAccess(campaign_.owner_token, member.id, v1::ROLE_LEADER, v1::MEMBER_SCOPE_CAMPAIGN)),
            "SCOPE_UNFIT");
  EXPECT_EQ(ReasonOf(SetAccess(campaign_.owner_token, member.id, v1::ROLE_UNSPECIFIED)), "ROLE_UNKNOWN");
}

TEST_F(AccessServiceTest, WhoLeadsATeamKeepsARoleThatLeads) {
  const Made leader = Member("leader", 1);
  const Made canvasser = Member("canvasser", 2);
  db::Transaction transaction = *database_.superuser_pool().Begin({});
  const std::string sql = absl::StrCat("update member set leader_id = ", leader.id,
                                       ", leader_depth = 1, depth = 2, slot = 1 where member_id = ", canvasser.id);
  const db::Query join = {"access_test.join", sql.c_str()};
  ASSERT_TRUE(transaction.Run(join).ok());
  ASSERT_TRUE(transaction.Commit().ok());
  const grpc::Status refused = SetAccess(campaign_.owner_token, leader.id, v1::ROLE_CANVASSER);
  EXPECT_EQ(ReasonOf(refused), "LEADS_TEAM");
  ASSERT_TRUE(WhoAmI(leader.token, &who_).ok());
  EXPECT_EQ(who_.role(), v1::ROLE_LEADER);
  EXPECT_TRUE(SetAccess(campaign_.owner_token, leader.id, v1::ROLE_ORGANIZER).ok());
}

TEST_F(AccessServiceTest, ACampaignKeepsAnOwnerHoweverManyGiveUpAtOnce) {
  EXPECT_EQ(ReasonOf(SetAccess(campaign_.owner_token, campaign_.owner.value, v1::ROLE_VIEWER)), "LAST_OWNER");
  const Made other = Member("owner", 1);
  // Each takes the other's role away at the same time.
  std::thread first([&] { SetAccess(campaign_.owner_token, other.id, v1::ROLE_VIEWER); });
  std::thread second([&] { SetAccess(other.token, campaign_.owner.value, v1::ROLE_VIEWER); });
  first.join();
  second.join();
  int owners = 0;
  for (const std::string& token : {campaign_.owner_token, other.token}) {
    ASSERT_TRUE(WhoAmI(token, &who_).ok());
    if (who_.role() == v1::ROLE_OWNER) ++owners;
  }
  EXPECT_EQ(owners, 1);
}

TEST_F(AccessServiceTest, AnExpiredDeadlineIsAnswered) {
  const grpc::Status status = stub_->WhoAmI(server_.As(campaign_.owner_token, absl::Milliseconds(-1)).get(), {}, &who_);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

}  // namespace
}  // namespace snowfield::access
