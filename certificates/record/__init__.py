"""What is stored of certificates: issuing, numbers, history, validity, links, and runs over thousands of them."""
