"""What the hub answers; programs log it and people read the log."""

BAD_MODE = "hub.mode phải là subscribe hoặc unsubscribe."
BAD_TOPIC = "hub.topic không phải là địa chỉ của một kênh tin trên cổng này."
BAD_CALLBACK = "hub.callback phải là địa chỉ công khai, bắt đầu bằng http:// hoặc https://, cổng 80 hoặc 443."
BAD_SECRET = "hub.secret phải ngắn hơn 200 byte."  # noqa: S105 - a sentence
BAD_LEASE = "hub.lease_seconds phải là một số nguyên dương."
TOO_LARGE = "Yêu cầu quá dài."
TOO_MANY_WAITING = "Có quá nhiều yêu cầu đang chờ xác nhận. Hãy gửi lại sau."
TOO_MANY = "Kênh này đã có quá nhiều nơi đăng ký."
